/** What is particular to `uv`; what every policy must do is tested by `test/conformance`. */
import { createServer } from 'node:net';
import { once } from 'node:events';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  LoopClosedError,
  PolicyUnavailableError,
  StreamStateError,
  uv,
  type Coroutine,
  type Future,
  type Loop,
  type Stream,
} from 'loopdyno';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { echo } from './helpers.js';

const available = await uv.probe();

describe('uv, turned off', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('says so and what to do, and does not open', async () => {
    vi.stubEnv('LOOPDYNO_NATIVE', '0');
    const answer = await uv.probe();
    expect(answer).toMatchObject({ ok: false, reason: /LOOPDYNO_NATIVE=0/, remedy: /unset/ });
    await expect(uv.open()).rejects.toThrow(PolicyUnavailableError);
    await expect(uv.open()).rejects.toThrow(/LOOPDYNO_NATIVE=0: unset LOOPDYNO_NATIVE/);
  });
});

describe.skipIf(!available.ok)('uv', () => {
  let loop: Loop;
  beforeEach(async () => {
    loop = await uv.open();
  });
  afterEach(async () => {
    await loop.close();
  });

  it('never writes to bytes again that a job has kept', async () => {
    await loop.run(function* () {
      const kept: { bytes: Uint8Array; copy: Buffer }[] = [];
      const rest = { expected: 0, got: 0 };
      const server = yield* loop.io.listen({ port: 0 }, function* (stream) {
        for (let bytes; (bytes = yield* stream.read()) !== null;) {
          kept.push({ bytes, copy: Buffer.from(bytes) });
          rest.got += bytes.length;
        }
      });
      const clients = yield* connectAll(loop, server.port, 4);
      const random = randomNumbers(42);
      for (let round = 0; round < 500; round++) {
        for (const client of clients) {
          const size = 1 + Math.floor(random() ** 4 * 50_000);
          rest.expected += size;
          yield* client.write(Buffer.alloc(size, Math.floor(random() * 256)));
        }
        if (random() < 0.3) yield* loop.io.sleep(0); // a write that is done at once does not wait
      }
      for (const client of clients) yield* client.end();
      while (rest.got < rest.expected) yield* loop.io.sleep(1);
      expect(kept.length).toBeGreaterThan(100);
      for (const { bytes, copy } of kept) expect(copy.equals(bytes)).toBe(true);
      yield* server.close();
    });
  });

  it('packs small reads into a slab, without an ArrayBuffer for each', async () => {
    await loop.run(function* () {
      const buffers = new Set<ArrayBufferLike>();
      yield* echo(loop, function* (stream) {
        for (let i = 0; i < 1000; i++) {
          yield* stream.write(Buffer.from('ping'));
          buffers.add(((yield* stream.read()) as Uint8Array).buffer);
        }
      });
      expect(buffers.size).toBeLessThan(3);
    });
  });

  it('brings more events of one wake than the array of records holds', async () => {
    await loop.run(function* () {
      const files = Array.from({ length: 3000 }, () => loop.io.readFile(import.meta.filename));
      const until = performance.now() + 100;
      while (performance.now() < until); // meanwhile the thread pool reads on
      const sizes = new Set<number>();
      for (const file of files) sizes.add((yield* file).length);
      expect(sizes.size).toBe(1);
    });
  });

  it('gives ECONNRESET with its code to the reader, after what had come before', async () => {
    const server = createServer((socket) => {
      socket.once('data', () => socket.resetAndDestroy());
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    await loop.run(function* () {
      const stream = yield* loop.io.connect({ port });
      yield* stream.write(Buffer.from('x'));
      const error = yield* errorOf(stream.read());
      expect(error).toMatchObject({
        message: 'read ECONNRESET',
        code: 'ECONNRESET',
        syscall: 'read',
        errno: expect.any(Number) as number,
      });
      expect(yield* errorOf(stream.write(Buffer.from('y')))).toBe(error);
    });
    server.close();
  });

  it('words its errors as Node does', async () => {
    await loop.run(function* () {
      const server = yield* loop.io.listen({ port: 0 }, () => {});
      const { port } = server;
      const taken = yield* errorOf(loop.io.listen({ port }, () => {}));
      expect(taken).toMatchObject({
        message: `listen EADDRINUSE: address already in use 127.0.0.1:${port}`,
        code: 'EADDRINUSE',
        address: '127.0.0.1',
        port,
      });
      yield* server.close();
      expect(yield* errorOf(loop.io.connect({ port }))).toMatchObject({
        message: `connect ECONNREFUSED 127.0.0.1:${port}`,
        code: 'ECONNREFUSED',
        syscall: 'connect',
      });
      expect(yield* errorOf(loop.io.readFile('/no/such/file'))).toMatchObject({
        message: "ENOENT: no such file or directory, open '/no/such/file'",
        code: 'ENOENT',
        syscall: 'open',
        path: '/no/such/file',
      });
      const message = 'EISDIR: illegal operation on a directory, read';
      expect(yield* errorOf(loop.io.readFile('/'))).toMatchObject({ message, code: 'EISDIR' });
    });
  });

  it('reads files of every size, of no size, and refuses what no Buffer can hold', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'uv-'));
    const path = join(directory, 'file');
    for (const size of [0, 1, 16 * 1024, 16 * 1024 + 1, 5_000_000]) {
      const content = Buffer.alloc(size, 'loopdyno');
      await loop.run(() => loop.io.writeFile(path, content));
      const read = await loop.run(() => loop.io.readFile(path));
      expect(content.equals(read)).toBe(true);
    }
    if (process.platform === 'linux') {
      const status = await loop.run(() => loop.io.readFile('/proc/self/status'));
      expect(status.toString()).toContain('Name:');
    }
    await writeFile(path, '');
    const file = await open(path, 'r+');
    await file.truncate(3 * 2 ** 30); // sparse
    await file.close();
    await expect(loop.run(() => loop.io.readFile(path))).rejects.toMatchObject({
      code: 'ERR_FS_FILE_TOO_LARGE',
      message: `File size (${3 * 2 ** 30}) is greater than 2 GiB`,
    });
    await rm(directory, { recursive: true });
  });

  it('does nothing with a loop that is closed but say so', async () => {
    const closed = await uv.open();
    const { io } = closed;
    const { server, stream } = await closed.run(function* () {
      const listening = yield* io.listen({ port: 0 }, () => {});
      return { server: listening, stream: yield* io.connect({ port: listening.port }) };
    });
    await closed.close();
    expect(() => io.readFile('/')).toThrow(LoopClosedError);
    expect(() => io.writeFile('/', '')).toThrow(LoopClosedError);
    expect(() => io.connect({ port: 1 })).toThrow(LoopClosedError);
    expect(() => io.listen({ port: 0 }, () => {})).toThrow(LoopClosedError);
    expect(stream.read().result()).toBe(null);
    expect(stream.write(Buffer.from('x')).error()).toBeInstanceOf(StreamStateError);
    expect(stream.end().done).toBe(true);
    expect(server.close().done).toBe(true);
    stream.close();
  });

  it('polls its IO when it is stepped by hand', async () => {
    const task = loop.spawn(() => loop.io.readFile(import.meta.filename));
    const until = performance.now() + 10_000;
    while (!task.done && performance.now() < until) loop.runOnce(); // Node's loop never gets a turn
    expect(task.result().length).toBeGreaterThan(1000);
  });
});

function* connectAll(loop: Loop, port: number, count: number): Coroutine<Stream[]> {
  const streams: Stream[] = [];
  while (streams.length < count) streams.push(yield* loop.io.connect({ port }));
  return streams;
}

function* errorOf(future: Future<unknown>): Coroutine<unknown> {
  try {
    yield* future;
  } catch {
    // it is asked for below
  }
  return future.error();
}

/** Mulberry32: numbers from 0 to 1 that are the same in every run. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
