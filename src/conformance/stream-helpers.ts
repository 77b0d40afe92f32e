/** Helpers of the stream cases: a pair of connected streams, and reading and writing in whole. */
import type { Future } from '../loop/future.js';
import type { Server, Stream } from '../loop/io.js';
import type { Coroutine, Loop } from '../loop/policy.js';

export interface Pair {
  readonly server: Server;
  /** The side that connected. */
  readonly here: Stream;
  /** The side that was accepted. */
  readonly there: Stream;
  /** Lets the handler of `there` end, which closes its stream, and stops listening. */
  readonly finish: () => Coroutine<void>;
}

/** Two connected streams of one loop. They are closed when `finish` is called, or with the loop. */
function* pair(loop: Loop): Coroutine<Pair> {
  const accepted = loop.future<Stream>();
  const finished = loop.future<void>();
  const server = yield* loop.io.listen({ port: 0 }, function* (stream) {
    accepted.setResult(stream);
    yield* finished;
  });
  const here = yield* loop.io.connect({ port: server.port });
  const there = yield* accepted;
  const finish = function* (): Coroutine<void> {
    here.close();
    there.close();
    finished.setResult();
    yield* server.close();
  };
  return { server, here, there, finish };
}

/** Runs `work` with two connected streams, and closes them. */
export async function withPair(loop: Loop, work: (pair: Pair) => Coroutine<void>): Promise<void> {
  await loop.run(function* () {
    const connected = yield* pair(loop);
    try {
      yield* work(connected);
    } finally {
      yield* connected.finish();
      yield* loop.io.sleep(0); // the handler ends
      yield;
    }
  });
}

export function* echo(stream: Stream): Coroutine<void> {
  for (let bytes = yield* stream.read(); bytes !== null; bytes = yield* stream.read()) {
    yield* stream.write(bytes);
  }
  yield* stream.end();
}

/** Writes in pieces, waiting for each, and then ends the stream. */
export function* writeAll(stream: Stream, data: Uint8Array): Coroutine<void> {
  for (let at = 0; at < data.length; at += 1 << 16) {
    yield* stream.write(data.subarray(at, at + (1 << 16)));
  }
  yield* stream.end();
}

/** Reads everything until the peer ends. */
export function* readAll(stream: Stream): Coroutine<Buffer> {
  const parts: Uint8Array[] = [];
  for (let bytes = yield* stream.read(); bytes !== null; bytes = yield* stream.read()) {
    parts.push(bytes);
  }
  return Buffer.concat(parts);
}

/** Reads `size` bytes, however they are split into pieces. */
export function* readExactly(stream: Stream, size: number): Coroutine<Buffer> {
  const parts: Uint8Array[] = [];
  let have = 0;
  while (have < size) {
    const bytes = yield* stream.read();
    if (bytes === null) throw new Error(`the stream ended after ${have} of ${size} bytes`);
    parts.push(bytes);
    have += bytes.byteLength;
  }
  return Buffer.concat(parts);
}

/** Bytes that show when a piece is lost, doubled or moved. */
export function pattern(size: number, seed: number): Buffer {
  const bytes = Buffer.allocUnsafe(size);
  for (let i = 0, x = seed + 1; i < size; i++) {
    x = (x * 1103515245 + 12345) & 0x7fffffff;
    bytes[i] = x >> 16;
  }
  return bytes;
}

/** The error that waiting for `work` throws; if there is none, an error that says so. */
export function* failureOf(work: () => Future<unknown>): Coroutine<unknown> {
  try {
    yield* work();
  } catch (error) {
    return error;
  }
  return new Error('it did not fail');
}

/** Writes until the stream takes no more, and then waits for ever. */
export function* fill(stream: Stream): Coroutine<void> {
  const chunk = new Uint8Array(1 << 20);
  for (;;) yield* stream.write(chunk);
}
