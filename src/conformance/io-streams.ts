/** TCP: bytes arrive as they were sent, with backpressure, half-close, and many at once. */
import assert from 'node:assert/strict';
import type { Coroutine } from '../loop/policy.js';
import type { Stream } from '../loop/io.js';
import { group } from './case.js';
import { echo, pattern, readAll, readExactly, withPair, writeAll } from './stream-helpers.js';

export const streams = group('streams', (add) => {
  add('a few bytes are echoed', async (kit) => {
    const loop = await kit.open();
    await loop.run(function* () {
      const server = yield* loop.io.listen({ port: 0 }, echo);
      const stream = yield* loop.io.connect({ port: server.port });
      for (const word of ['one', 'two', 'three']) {
        yield* stream.write(Buffer.from(word));
        assert.equal((yield* readExactly(stream, word.length)).toString(), word);
      }
      yield* stream.end();
      assert.equal(yield* stream.read(), null);
      yield* server.close();
    });
  });

  add('both sides know where they are', async (kit) => {
    const loop = await kit.open();
    await withPair(loop, function* ({ server, here, there }) {
      assert.equal(server.host, '127.0.0.1');
      assert.ok(server.port > 0);
      assert.deepEqual(here.remote, { host: '127.0.0.1', port: server.port });
      assert.equal(there.remote.host, '127.0.0.1');
      assert.notEqual(there.remote.port, server.port);
    });
  });

  add('a mebibyte goes each way at the same time', async (kit) => {
    const loop = await kit.open();
    await withPair(loop, function* ({ here, there }) {
      const size = 1 << 20;
      const [mine, yours] = [pattern(size, 1), pattern(size, 2)];
      const writers = [
        loop.spawn(() => writeAll(here, mine)),
        loop.spawn(() => writeAll(there, yours)),
      ];
      const reader = loop.spawn(() => readAll(there));
      const atHere = yield* readAll(here);
      const atThere = yield* reader;
      for (const writer of writers) yield* writer;
      assert.equal(Buffer.compare(atHere, yours), 0);
      assert.equal(Buffer.compare(atThere, mine), 0);
    });
  });

  add('a writer waits while nobody reads, and goes on when somebody does', async (kit) => {
    const loop = await kit.open();
    await withPair(loop, function* ({ here, there }) {
      const chunk = pattern(1 << 16, 3);
      const chunks = 512; // 32 MiB: more than any buffer on the way holds
      let written = 0;
      const writer = loop.spawn(function* () {
        for (; written < chunks; written++) yield* here.write(chunk);
        yield* here.end();
      });
      let before = -1;
      while (before !== written) {
        before = written;
        yield* loop.io.sleep(20);
      }
      assert.ok(written < chunks, 'every byte was taken, though nobody read');
      let received = 0;
      for (let bytes = yield* there.read(); bytes !== null; bytes = yield* there.read()) {
        assert.equal(bytes[0], chunk[received % chunk.length]);
        received += bytes.byteLength;
      }
      yield* writer;
      assert.equal(received, chunks * chunk.length);
    });
  });

  add('bytes that were kept stay as they were', async (kit) => {
    const loop = await kit.open();
    await withPair(loop, function* ({ here, there }) {
      const kept: Uint8Array[] = [];
      for (let i = 0; i < 50; i++) {
        yield* here.write(new Uint8Array(100).fill(i));
        const bytes = yield* there.read();
        assert.ok(bytes !== null);
        kept.push(bytes);
      }
      const all = Buffer.concat(kept);
      assert.equal(all.length, 5000);
      for (let i = 0; i < all.length; i++) assert.equal(all[i], Math.floor(i / 100));
    });
  });

  add('what was sent before anybody read is not lost', async (kit) => {
    const loop = await kit.open();
    await withPair(loop, function* ({ here, there }) {
      for (let i = 0; i < 10; i++) yield* here.write(Buffer.from(`${i};`));
      yield* here.end();
      yield* loop.io.sleep(5);
      assert.equal((yield* readAll(there)).toString(), '0;1;2;3;4;5;6;7;8;9;');
      assert.equal(yield* there.read(), null, 'the end is the end');
    });
  });

  add('many small writes that nobody waits for arrive in order', async (kit) => {
    const loop = await kit.open();
    await withPair(loop, function* ({ here, there }) {
      let expected = '';
      for (let i = 0; i < 1000; i++) {
        void here.write(Buffer.from(`${i},`));
        expected += `${i},`;
      }
      yield* here.end();
      assert.equal((yield* readAll(there)).toString(), expected);
    });
  });

  add('an empty write is done, and sends nothing', async (kit) => {
    const loop = await kit.open();
    await withPair(loop, function* ({ here, there }) {
      yield* here.write(new Uint8Array(0));
      yield* here.write(Buffer.from('x'));
      yield* here.end();
      assert.equal((yield* readAll(there)).toString(), 'x');
    });
  });

  add('after half-close the other direction goes on', async (kit) => {
    const loop = await kit.open();
    await withPair(loop, function* ({ here, there }) {
      yield* here.write(Buffer.from('question'));
      yield* here.end();
      assert.equal((yield* readAll(there)).toString(), 'question');
      yield* loop.io.sleep(1);
      for (const word of ['a ', 'long ', 'answer']) yield* there.write(Buffer.from(word));
      yield* there.end();
      assert.equal((yield* readAll(here)).toString(), 'a long answer');
    });
  });

  add('what a handler wrote arrives, though it ends at once', async (kit) => {
    const loop = await kit.open();
    const answer = pattern(4 << 20, 5);
    await loop.run(function* () {
      const server = yield* loop.io.listen({ port: 0 }, (stream) => void stream.write(answer));
      const stream = yield* loop.io.connect({ port: server.port });
      const received = yield* readAll(stream);
      assert.equal(received.length, answer.length);
      assert.equal(Buffer.compare(received, answer), 0);
      stream.close();
      yield* server.close();
    });
  });

  add('a handler may be an async function, or a plain one', async (kit) => {
    const loop = await kit.open();
    await loop.run(function* () {
      const server = yield* loop.io.listen({ port: 0 }, async (stream: Stream) => {
        const bytes = await stream.read();
        await stream.write(Buffer.concat([Buffer.from('async '), bytes ?? new Uint8Array()]));
      });
      const stream = yield* loop.io.connect({ port: server.port });
      yield* stream.write(Buffer.from('hello'));
      assert.equal((yield* readAll(stream)).toString(), 'async hello');
      stream.close();
      yield* server.close();
    });
  });

  add('fifty connections at once are served each its own', async (kit) => {
    const loop = await kit.open();
    await loop.run(function* () {
      const server = yield* loop.io.listen({ port: 0 }, echo);
      const client = function* (id: number): Coroutine<number> {
        const stream = yield* loop.io.connect({ port: server.port });
        const message = pattern(1000 + id, id);
        for (let round = 0; round < 3; round++) {
          yield* stream.write(message);
          const answer = yield* readExactly(stream, message.length);
          assert.equal(Buffer.compare(answer, message), 0, `client ${id}`);
        }
        yield* stream.end();
        assert.equal(yield* stream.read(), null);
        return id;
      };
      const clients = Array.from({ length: 50 }, (_, id) => loop.spawn(() => client(id)));
      for (const [id, task] of clients.entries()) assert.equal(yield* task, id);
      yield* server.close();
    });
  });

  add('two loops talk to each other', async (kit) => {
    const [one, other] = [await kit.open(), await kit.open()];
    const server = await one.run(() => one.io.listen({ port: 0 }, echo));
    const serving = one.runForever();
    await other.run(function* () {
      const stream = yield* other.io.connect({ port: server.port });
      yield* stream.write(Buffer.from('across'));
      yield* stream.end();
      assert.equal((yield* readAll(stream)).toString(), 'across');
    });
    // The handler has seen the end, and ends itself within a few turns.
    one.callLater(5, () => one.stop());
    await serving;
  });
});
