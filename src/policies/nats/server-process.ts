/** A nats-server of our own: on a free loopback port, with a store in its own folder, and for one user. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { WorkerExitError } from '../../loop/errors.js';

export interface ServerOptions {
  readonly program: string;
  readonly folder: string;
  readonly port: number;
  readonly user: string;
  readonly pass: string;
  /** The largest message, in bytes. */
  readonly maxPayload: number;
  /** The most that it stores, in bytes. Default 1 GiB. */
  readonly maxStore?: number;
}

const GIB = 2 ** 30;

/** Resolves when it takes connections. */
export async function startServer(options: ServerOptions): Promise<ChildProcess> {
  const { program, folder, port, user, pass, maxPayload, maxStore = GIB } = options;
  const config = join(folder, 'nats-server.conf');
  // In a file that only its owner reads: an argument could be seen by everybody on the machine.
  const text = [
    `listen: "127.0.0.1:${port}"`,
    `max_payload: ${maxPayload}`,
    `authorization { user: "${user}", password: "${pass}" }`,
    `jetstream { store_dir: ${JSON.stringify(folder)}, max_file_store: ${maxStore} }`,
    '',
  ].join('\n');
  await writeFile(config, text, { mode: 0o600 });
  const server = spawn(program, ['-c', config], { stdio: ['ignore', 'ignore', 'pipe'] });
  const failed = once(server, 'error').then(([error]) => error as Error);
  const said: string[] = [];
  const lines = createInterface({ input: server.stderr as Readable });
  const ready = new Promise<boolean>((resolve) => {
    lines.on('line', (line) => {
      said.push(line);
      if (said.length > 20) said.shift();
      if (line.includes('Server is ready')) resolve(true);
    });
    lines.on('close', () => resolve(false));
  });
  const outcome = await Promise.race([ready, failed]);
  if (outcome === true) return server;
  const why = outcome instanceof Error ? outcome.message : (said.at(-1) ?? 'it said nothing');
  throw new WorkerExitError(`nats-server (${program}) did not start: ${why}`);
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

export async function stopped(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
}
