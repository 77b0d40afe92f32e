/** Reads into the caller's memory: what is written where, and what is left alone. */
import assert from 'node:assert/strict';
import { CancelledError, InvalidArgumentError, StreamStateError } from '../loop/errors.js';
import type { Stream } from '../loop/io.js';
import type { Coroutine } from '../loop/policy.js';
import { group } from './case.js';
import { turns } from './helpers.js';
import { failureOf, pattern, readAll, readExactly, withPair, writeAll } from './stream-helpers.js';

/** Reads everything until the peer ends, through one buffer that is reused. */
function* readAllInto(stream: Stream, size: number): Coroutine<Buffer> {
  const buffer = new Uint8Array(size);
  const parts: Uint8Array[] = [];
  for (let length = yield* stream.readInto(buffer); length > 0;) {
    parts.push(buffer.slice(0, length));
    length = yield* stream.readInto(buffer);
  }
  return Buffer.concat(parts);
}

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

export const readingInto = group('reading into memory', (add) => {
  add('bytes lie in the memory that was given, and nowhere beside it', async (kit) => {
    const loop = await kit.open();
    await withPair(loop, function* ({ here, there }) {
      const memory = Buffer.alloc(16, '.');
      const read = there.readInto(memory.subarray(4, 12));
      yield* here.write(Buffer.from('bytes'));
      assert.equal(yield* read, 5);
      assert.equal(memory.toString(), '....bytes.......');
    });
  });

  add('what does not fit comes with the next read', async (kit) => {
    const loop = await kit.open();
    await withPair(loop, function* ({ here, there }) {
      yield* here.write(Buffer.from('abcdefgh'));
      yield* here.end();
      const memory = Buffer.alloc(3);
      const seen: string[] = [];
      for (let length = yield* there.readInto(memory); length > 0;) {
        seen.push(memory.toString('latin1', 0, length));
        length = yield* there.readInto(memory);
      }
      assert.equal(seen.join(''), 'abcdefgh');
      assert.ok(seen.every((part) => part.length <= 3));
    });
  });

  add('a mebibyte each way through small memory is whole', async (kit) => {
    const loop = await kit.open();
    await withPair(loop, function* ({ here, there }) {
      const [mine, yours] = [pattern(1 << 20, 1), pattern(1 << 20, 2)];
      const writers = [
        loop.spawn(() => writeAll(here, mine)),
        loop.spawn(() => writeAll(there, yours)),
      ];
      const reader = loop.spawn(() => readAllInto(there, 10_000));
      assert.equal(Buffer.compare(yield* readAllInto(here, 1 << 16), yours), 0);
      assert.equal(Buffer.compare(yield* reader, mine), 0);
      for (const writer of writers) yield* writer;
    });
  });

  add('both kinds of read may take turns', async (kit) => {
    const loop = await kit.open();
    await withPair(loop, function* ({ here, there }) {
      const sent = pattern(1 << 19, 3);
      const writer = loop.spawn(() => writeAll(here, sent));
      const parts: Uint8Array[] = [];
      const memory = [new Uint8Array(5000), new Uint8Array(70_000)];
      for (let at = 0; ; at++) {
        const buffer = memory[at % 3];
        if (buffer === undefined) {
          const bytes = yield* there.read();
          if (bytes === null) break;
          parts.push(bytes);
        } else {
          const length = yield* there.readInto(buffer);
          if (length === 0) break;
          parts.push(buffer.slice(0, length));
        }
      }
      assert.equal(Buffer.compare(Buffer.concat(parts), sent), 0);
      yield* writer;
    });
  });

  add('the end is 0, each time, and our side may still write', async (kit) => {
    const loop = await kit.open();
    await withPair(loop, function* ({ here, there }) {
      yield* here.write(Buffer.from('x'));
      yield* here.end();
      const memory = new Uint8Array(8);
      assert.equal(yield* there.readInto(memory), 1);
      assert.equal(yield* there.readInto(memory), 0);
      assert.equal(yield* there.readInto(memory), 0);
      assert.equal(yield* there.read(), null);
      yield* there.write(Buffer.from('late'));
      yield* there.end();
      assert.equal(text(yield* readAll(here)), 'late');
    });
  });

  add('closing gives 0 to a read that waits', async (kit) => {
    const loop = await kit.open();
    await withPair(loop, function* ({ here, there }) {
      const memory = new Uint8Array(8);
      const [mine, yours] = [here.readInto(memory), there.readInto(new Uint8Array(8))];
      here.close();
      assert.equal(yield* mine, 0);
      assert.equal(yield* yours, 0);
    });
  });

  add('a cancelled read writes nothing more, and loses no byte', async (kit) => {
    const loop = await kit.open();
    await withPair(loop, function* ({ here, there }) {
      const memory = Buffer.alloc(16, '.');
      const reader = loop.spawn(() => there.readInto(memory));
      yield* turns(2);
      reader.cancel();
      assert.ok((yield* failureOf(() => reader)) instanceof CancelledError);
      yield* here.write(Buffer.from('all '));
      yield* loop.io.sleep(5);
      assert.equal(memory.toString(), '.'.repeat(16));
      yield* here.write(Buffer.from('here'));
      yield* here.end();
      assert.equal(text(yield* readAllInto(there, 3)), 'all here');
      assert.equal(memory.toString(), '.'.repeat(16));
    });
  });

  add('a read that is cancelled as its bytes arrive gives them to the next', async (kit) => {
    const loop = await kit.open();
    await withPair(loop, function* ({ here, there }) {
      const read = there.readInto(Buffer.alloc(16));
      let arrived = false;
      read.onDone(() => {
        arrived = !read.cancelled;
        reader.cancel(); // before it is woken, as it is queued behind this
      });
      const reader = loop.spawn(() => read);
      yield* turns(2);
      yield* here.write(Buffer.from('all '));
      assert.ok((yield* failureOf(() => reader)) instanceof CancelledError);
      assert.ok(arrived, 'the bytes had arrived');
      yield* here.write(Buffer.from('here'));
      yield* here.end();
      assert.equal(text(yield* readAll(there)), 'all here');
    });
  });

  add('a read that is cancelled again and again under traffic loses no byte', async (kit) => {
    const loop = await kit.open();
    await withPair(loop, function* ({ here, there }) {
      const sent = pattern(1 << 18, 5);
      const writer = loop.spawn(function* () {
        for (let at = 0; at < sent.length; at += 999) {
          yield* here.write(sent.subarray(at, at + 999));
          yield;
        }
        yield* here.end();
      });
      const parts: Uint8Array[] = [];
      const memory = [new Uint8Array(700), new Uint8Array(3000)];
      for (let at = 0; ; at++) {
        const buffer = memory[at % 2] as Uint8Array;
        const read = there.readInto(buffer);
        if (at % 3 === 0) yield;
        if (at % 3 !== 2 && read.cancel()) continue;
        const length = yield* read;
        if (length === 0) break;
        parts.push(buffer.slice(0, length));
      }
      assert.equal(Buffer.compare(Buffer.concat(parts), sent), 0);
      yield* writer;
    });
  });

  add('a writer waits while nobody asks for bytes', async (kit) => {
    const loop = await kit.open();
    await withPair(loop, function* ({ here, there }) {
      const chunk = pattern(1 << 16, 3);
      const chunks = 512; // 32 MiB: more than any buffer on the way holds
      let written = 0;
      const writer = loop.spawn(function* () {
        for (; written < chunks; written++) yield* here.write(chunk);
        yield* here.end();
      });
      const memory = new Uint8Array(1000);
      assert.ok((yield* there.readInto(memory)) > 0);
      for (let last = -1; last !== written;) {
        last = written;
        yield* loop.io.sleep(20);
      }
      assert.ok(written < chunks, 'nothing held the writer back');
      let length = memory.length;
      const room = new Uint8Array(1 << 16);
      for (let more = yield* there.readInto(room); more > 0;) {
        length += more;
        more = yield* there.readInto(room);
      }
      yield* writer;
      assert.equal(length, chunks << 16);
    });
  });

  add('what is flushed is sent, and its memory may be changed', async (kit) => {
    const loop = await kit.open();
    await withPair(loop, function* ({ here, there }) {
      const [rounds, memory] = [40, new Uint8Array(1 << 18)];
      const writer = loop.spawn(function* () {
        for (let round = 0; round < rounds; round++) {
          memory.fill(round);
          yield* here.write(memory);
          yield* here.flush();
        }
        yield* here.end();
      });
      yield* loop.io.sleep(20); // nobody reads: it has to wait
      const all = yield* readAll(there);
      yield* writer;
      assert.equal(all.length, rounds * memory.length);
      for (let round = 0; round < rounds; round++) {
        const part = all.subarray(round * memory.length, (round + 1) * memory.length);
        assert.ok(part.every((byte) => byte === round));
      }
    });
  });

  add('flush of a stream that is closed fails, at once and while it waits', async (kit) => {
    const loop = await kit.open();
    await withPair(loop, function* ({ here }) {
      void here.write(pattern(1 << 23, 1)).ignore(); // nobody reads
      const waiting = loop.spawn(() => here.flush());
      yield* loop.io.sleep(5);
      assert.equal(waiting.done, false);
      here.close();
      assert.ok((yield* failureOf(() => waiting)) instanceof Error);
      assert.ok((yield* failureOf(() => here.flush())) instanceof StreamStateError);
    });
  });

  add('memory that cannot be written to safely is refused', async (kit) => {
    const loop = await kit.open();
    await withPair(loop, function* ({ here, there }) {
      const Resizable = ArrayBuffer as unknown as new (
        length: number,
        options: { maxByteLength: number },
      ) => ArrayBuffer;
      const given = new Uint8Array(8);
      structuredClone(given, { transfer: [given.buffer] });
      const wrong: unknown[] = [
        null,
        64,
        new Float64Array(8),
        new Uint8Array(0),
        new Uint8Array(new Resizable(8, { maxByteLength: 16 })),
        given,
      ];
      for (const memory of wrong) {
        assert.throws(() => there.readInto(memory as Uint8Array), InvalidArgumentError);
      }
      yield* here.write(Buffer.from('still'));
      assert.equal(text(yield* readExactly(there, 5)), 'still');
    });
  });

  add('memory that is transferred meanwhile fails the read, and no byte is lost', async (kit) => {
    const loop = await kit.open();
    await withPair(loop, function* ({ here, there }) {
      const memory = new Uint8Array(16);
      const read = there.readInto(memory);
      yield* turns(2);
      structuredClone(memory, { transfer: [memory.buffer] });
      yield* here.write(Buffer.from('kept'));
      assert.ok((yield* failureOf(() => read)) instanceof StreamStateError);
      assert.equal(text(yield* readExactly(there, 4)), 'kept');
    });
  });

  add('memory transferred by a read that is cancelled leaves the stream as it was', async (kit) => {
    const loop = await kit.open();
    await withPair(loop, function* ({ here, there }) {
      const memory = new Uint8Array(16);
      const read = there.readInto(memory);
      yield* turns(2);
      structuredClone(memory, { transfer: [memory.buffer] });
      yield* here.write(Buffer.from('kept'));
      read.cancel();
      const room = new Uint8Array(16);
      assert.equal(yield* there.readInto(room), 4);
      assert.equal(text(room.subarray(0, 4)), 'kept');
    });
  });

  add('two reads at once are refused, of either kind', async (kit) => {
    const loop = await kit.open();
    await withPair(loop, function* ({ here, there }) {
      const memory = new Uint8Array(4);
      const first = there.readInto(memory);
      assert.throws(() => there.readInto(new Uint8Array(4)), StreamStateError);
      assert.throws(() => there.read(), StreamStateError);
      yield* here.write(Buffer.from('x'));
      assert.equal(yield* first, 1);
      assert.equal(memory[0], 120);
    });
  });
});
