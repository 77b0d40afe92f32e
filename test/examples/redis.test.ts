/** The pipeline into a real Redis. Debian: `apt-get install redis-server`. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { policies } from 'loopdyno';
import { loadExamples, runExample } from '#dist/bench/examples/run.js';

const found = spawnSync('redis-server', ['--version']).status === 0;
if (!found) console.warn('The pipeline into Redis is not tested: apt-get install redis-server');

const available = await Promise.all(
  policies.map(async (policy) => ({ policy, ok: (await policy.probe()).ok })),
);

describe.skipIf(!found)('the pipeline into Redis', () => {
  let server: ChildProcess;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'loopdyno-redis-'));
    const port = await freePort();
    server = spawn('redis-server', ['--port', String(port), '--save', '', '--dir', folder]);
    process.env['REDIS_URL'] = `redis://127.0.0.1:${port}`;
    for await (const line of createInterface({ input: server.stdout as Readable })) {
      if (line.includes('Ready to accept connections')) break;
    }
  }, 30_000);
  afterAll(async () => {
    delete process.env['REDIS_URL'];
    const gone = once(server, 'exit');
    server.kill();
    await gone;
    await rm(folder, { recursive: true, force: true });
  });

  const able = available.filter(({ ok }) => ok).map(({ policy }) => policy);
  it.each(able)('under $name', async (policy) => {
    const example = (await loadExamples()).get('09');
    if (example === undefined) throw new Error('there is no example 09');
    const said: string[] = [];
    expect(await runExample(example, policy, (line) => said.push(line))).toEqual([]);
    expect(said[0]).toBe('40 stored, together 7800 cents (redis)');
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
