/** That a `uv` loop leaves nothing behind, however it ends, in either drive. */
import { readdirSync } from 'node:fs';
import { uv } from 'loopdyno';
import { afterAll, describe, expect, it } from 'vitest';
import { echo, expectNothingAlive, program } from './helpers.js';

const available = await uv.probe();

describe.skipIf(!available.ok).each(['guest', 'blocking'] as const)('uv, %s', (drive) => {
  afterAll(expectNothingAlive);

  it('opens and closes a thousand times without leaving a descriptor or memory behind', async () => {
    const cycle = async (): Promise<void> => {
      const own = await uv.open({ drive });
      await own.run(function* () {
        yield* echo(own, function* (stream) {
          yield* stream.write(Buffer.from('hello'));
          yield* stream.read();
        });
      });
      await own.close();
    };
    for (let i = 0; i < 200; i++) await cycle();
    const before = { fds: openDescriptors(), rss: process.memoryUsage.rss() };
    for (let i = 0; i < 1000; i++) await cycle();
    expect(openDescriptors()).toBe(before.fds);
    expect(process.memoryUsage.rss() - before.rss).toBeLessThan(100e6);
  });

  it('closes with everything live', async () => {
    const loop = await uv.open({ drive });
    const big = Buffer.alloc(8_000_000);
    await loop.run(function* () {
      const server = yield* loop.io.listen({ port: 0 }, function* (stream) {
        yield* loop.io.sleep(3_600_000); // reads nothing, so that writes are queued
        yield* stream.read();
      });
      const stream = yield* loop.io.connect({ port: server.port });
      loop.spawn(() => stream.write(big));
      loop.spawn(() => stream.read());
      for (let i = 0; i < 8; i++) loop.spawn(() => loop.io.readFile(process.execPath));
      loop.callLater(3_600_000, () => {});
      yield* loop.io.sleep(5);
    });
    expect((await loop.close()).pending.length).toBeGreaterThan(2);
  });

  for (const [how, code] of [
    ['return', 0],
    ['exit', 7],
    ['terminate', 1],
  ] as const) {
    it(`ends with its worker thread, with everything live: ${how}`, async () => {
      const ended = await program('workers', how, drive);
      const nothing = '{"loops":0,"handles":0,"requests":0,"blocks":0}';
      const stdout = `${Array(8).fill(code).join()}\n${nothing}\n`;
      expect(ended).toEqual({ code: 0, stderr: '', stdout });
    });
  }

  it('lets the process end with a loop that is open', async () => {
    expect(await program('open-at-exit', 'return', drive)).toMatchObject({ code: 0, stderr: '' });
    expect(await program('open-at-exit', 'exit', drive)).toMatchObject({ code: 3, stderr: '' });
  });

  it.skipIf(process.platform === 'win32')('stays calm when descriptors run out', async () => {
    const { stdout } = await program('few-descriptors', drive);
    expect(stdout).toBe('some refused: true, calm: true\nthen: hello\n');
  });
});

function openDescriptors(): number {
  return process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0;
}
