/** What does the same jobs in `bench:nats`: the policy, batched and not, and BullMQ on Redis if both are there. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { freePort, stopped } from '../../src/policies/nats/server-process.js';
import type { NatsOptions } from '../../src/policies/nats/options.js';
import { loadBullMq } from './bullmq.js';
import * as jobs from './jobs.js';
import { Rig } from './rig.js';

export const AGENTS = 2;

export interface Side {
  readonly name: string;
  /** Does one job, and gives its result. */
  one(input: number): PromiseLike<unknown>;
  close(): Promise<void>;
}

/** Agents of one thread each, as many as BullMQ gets. */
export async function natsSide(name: string, options: NatsOptions): Promise<Side> {
  const rig = await Rig.open();
  for (let i = 0; i < AGENTS; i++) await rig.agent(['--threads', '1', '--concurrency', '16']);
  const loop = await rig.submitter(options);
  const running = loop.runForever();
  return {
    name,
    one: (input) => loop.submit(jobs.identity, input),
    async close() {
      loop.stop();
      await running;
      await loop.close();
      await rig[Symbol.asyncDispose]();
    },
  };
}

const worker = fileURLToPath(new URL('./bullmq-worker.js', import.meta.url));

/** Null, with the reason on stderr, if BullMQ or Redis is missing. */
export async function bullMqSide(): Promise<Side | null> {
  const bullmq = await loadBullMq();
  if (bullmq === null || spawnSync('redis-server', ['--version']).status !== 0) {
    process.stderr.write(
      'without BullMQ: npm install --no-save bullmq, and Debian: apt-get install redis-server\n',
    );
    return null;
  }
  const folder = await mkdtemp(join(tmpdir(), 'loopdyno-redis-'));
  const port = await freePort();
  // An append-only file, written to disk once a second: as durable as what JetStream does by default, and more.
  const redis = await readyProcess(
    'redis-server',
    ['--port', String(port), '--save', '', '--appendonly', 'yes', '--dir', folder],
    'Ready to accept connections',
  );
  const workers: ChildProcess[] = [];
  for (let i = 0; i < AGENTS; i++) {
    workers.push(await readyProcess(process.execPath, [worker, String(port)], 'ready'));
  }
  const connection = { host: '127.0.0.1', port };
  const queue = new bullmq.Queue('identity', { connection });
  const events = new bullmq.QueueEvents('identity', { connection });
  await events.waitUntilReady();
  // It adds listeners for each job that is waited for, and Node would warn of each.
  for (const each of [queue, events]) each.setMaxListeners(0);
  const kept = { removeOnComplete: 1000 };
  return {
    name: 'BullMQ',
    one: async (input) => (await queue.add('identity', input, kept)).waitUntilFinished(events),
    async close() {
      await Promise.all([queue.close(), events.close()]);
      for (const each of workers) await stopped(each, 'SIGKILL');
      await stopped(redis, 'SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function readyProcess(program: string, args: string[], says: string): Promise<ChildProcess> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout as Readable });
  const ready = new Promise<void>((resolve) => {
    lines.on('line', (line) => {
      if (line.includes(says)) resolve();
    });
  });
  await Promise.race([
    ready,
    once(child, 'exit').then(() => Promise.reject(new Error(`${program} did not start`))),
  ]);
  return child;
}
