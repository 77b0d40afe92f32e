/** What is particular to the blocking drive of `uv`. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as hostSleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { InvalidArgumentError, uv, type UvOptions } from 'loopdyno';
import { describe, expect, it } from 'vitest';
import { program } from './helpers.js';

const available = await uv.probe();
const headers = [
  join(dirname(process.execPath), '../include/node'),
  join(process.env['npm_config_nodedir'] ?? '/', 'include/node'),
].find((folder) => existsSync(join(folder, 'node_api.h')));
const canCompile = headers !== undefined && spawnSync('cc', ['--version']).status === 0;

describe('uv, its options', () => {
  const refused: [string, object, RegExp][] = [
    ['no such drive', { drive: 'nested' }, /drive takes 'guest' or 'blocking', but got 'nested'/],
    ['a drive of null', { drive: null }, /but got null/],
    ['an interval of 0', { drive: 'blocking', hostInterval: 0 }, /from 1 to 60000, but got 0/],
    ['half a millisecond', { drive: 'blocking', hostInterval: 0.5 }, /but got 0\.5/],
    ['an hour', { drive: 'blocking', hostInterval: 3_600_000 }, /but got 3600000/],
    ['an interval of text', { drive: 'blocking', hostInterval: '5' }, /but got '5'/],
    ['an interval of a guest', { hostInterval: 5 }, /hostInterval \(5\) is for drive: 'blocking'/],
  ];
  it.each(refused)('refuses %s', async (_what, options, message) => {
    const opened = uv.open(options as UvOptions);
    await expect(opened).rejects.toThrow(InvalidArgumentError);
    await expect(opened).rejects.toThrow(message);
  });
});

describe.skipIf(!available.ok)('uv, blocking', () => {
  it("keeps the thread while it waits, and hands it to Node's loop at the interval", async () => {
    // Each lap of Node's loop calls one immediate.
    const lapsIn = async (ms: number, options: UvOptions): Promise<number> => {
      const loop = await uv.open(options);
      let laps = 0;
      let going = true;
      const lap = (): void => {
        laps++;
        if (going) setImmediate(lap);
      };
      await loop.run(function* () {
        setImmediate(lap);
        yield* loop.io.sleep(ms);
      });
      going = false;
      await loop.close();
      return laps;
    };
    const seldom = await lapsIn(500, { drive: 'blocking', hostInterval: 100 });
    expect(seldom).toBeGreaterThan(1);
    expect(seldom).toBeLessThan(12);
    expect(await lapsIn(500, { drive: 'blocking', hostInterval: 1 })).toBeGreaterThan(seldom * 2);
  });

  it('leaves the waiting to Node where it has none of its own', async () => {
    const loop = await uv.open({ drive: 'blocking', hostInterval: 60_000 });
    const answer = await loop.run(async () => {
      await hostSleep(10);
      await new Promise((resolve) => setImmediate(resolve));
      return 'at once';
    });
    expect(answer).toBe('at once');
    await loop.close();
  });

  it('drains ticks and promise reactions between two events', async () => {
    const loop = await uv.open({ drive: 'blocking', hostInterval: 60_000 });
    const log: string[] = [];
    await loop.run(async () => {
      const server = await loop.io.listen({ port: 0 }, async (stream) => {
        for (let bytes; (bytes = await stream.read()) !== null;) await stream.write(bytes);
      });
      const stream = await loop.io.connect({ port: server.port });
      for (let round = 0; round < 3; round++) {
        await stream.write(Buffer.from('x'));
        process.nextTick(() => log.push('tick'));
        void Promise.resolve().then(() => log.push('reaction'));
        await stream.read();
        log.push('read');
      }
      stream.close();
      await server.close();
    });
    expect(log).toEqual(Array(3).fill(['reaction', 'tick', 'read']).flat());
    await loop.close();
  });

  it('goes on with what was open when it runs again', async () => {
    const loop = await uv.open({ drive: 'blocking' });
    const task = loop.spawn(() => loop.io.sleep(20));
    await loop.run(() => loop.io.sleep(1));
    expect(task.done).toBe(false);
    await loop.run(() => task);
    expect(task.done).toBe(true);
    await loop.close();
  });

  it.skipIf(!canCompile)('refuses to run where reactions could never run', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'uv-nested-'));
    const addon = join(folder, 'nested.node');
    const source = fileURLToPath(new URL('programs/nested.c', import.meta.url));
    execFileSync('cc', ['-shared', '-fPIC', `-I${headers}`, '-o', addon, source]);
    const { stdout, stderr, code } = await program('nested', addon);
    expect(stderr).toBe('');
    expect(stdout).toMatch(
      /^ran: false\nNestedRunError: .*promise reactions could never run: call run\(\) from .*\noutside: runs\n$/,
    );
    expect(code).toBe(0);
    await rm(folder, { recursive: true });
  });
});
