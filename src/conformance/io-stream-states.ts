/** The states of streams and servers: ended, closed, refused, cancelled, misused. */
import assert from 'node:assert/strict';
import { CancelledError, StreamStateError } from '../loop/errors.js';
import type { Coroutine, Future } from '../loop/future.js';
import type { Stream } from '../loop/io.js';
import { group } from './case.js';
import { rejectionOf, turns } from './helpers.js';
import { echo, pattern, readAll, readExactly, withPair } from './stream-helpers.js';

export const streamStates = group('stream states', (add) => {
  add('closing gives null to a read that waits, on both sides', async (kit) => {
    const loop = await kit.open();
    await withPair(loop, function* ({ here, there }) {
      const [mine, yours] = [here.read(), there.read()];
      here.close();
      assert.equal(yield* mine, null);
      assert.equal(yield* yours, null);
      assert.equal(yield* here.read(), null, 'and to every later one');
      assert.equal(yield* there.read(), null);
      here.close();
    });
  });

  add('writing after end or close fails with StreamStateError', async (kit) => {
    const loop = await kit.open();
    await withPair(loop, function* ({ here, there }) {
      yield* here.end();
      assert.ok((yield* failureOf(() => here.write(Buffer.from('x')))) instanceof StreamStateError);
      there.close();
      assert.ok(
        (yield* failureOf(() => there.write(Buffer.from('x')))) instanceof StreamStateError,
      );
    });
  });

  add('a write that waits fails when its stream is closed', async (kit) => {
    const loop = await kit.open();
    await withPair(loop, function* ({ here }) {
      const stuck = loop.spawn(() => fill(here));
      yield* loop.io.sleep(5);
      here.close();
      assert.ok((yield* failureOf(() => stuck)) instanceof Error);
    });
  });

  add('end may be asked for twice, and after close', async (kit) => {
    const loop = await kit.open();
    await withPair(loop, function* ({ here, there }) {
      const [one, other] = [here.end(), here.end()];
      yield* one;
      yield* other;
      yield* here.end();
      assert.equal(yield* there.read(), null);
      there.close();
      yield* there.end();
    });
  });

  add('two reads at once are refused, and the first one is served', async (kit) => {
    const loop = await kit.open();
    await withPair(loop, function* ({ here, there }) {
      const first = there.read();
      assert.ok((yield* failureOf(() => there.read())) instanceof StreamStateError);
      yield* here.write(Buffer.from('x'));
      assert.deepEqual([...((yield* first) ?? [])], [120]);
    });
  });

  add('a read that is cancelled loses no byte', async (kit) => {
    const loop = await kit.open();
    await withPair(loop, function* ({ here, there }) {
      const reader = loop.spawn(function* () {
        return yield* there.read();
      });
      yield* turns(2);
      reader.cancel();
      assert.ok((yield* failureOf(() => reader)) instanceof CancelledError);
      yield* here.write(Buffer.from('all '));
      yield* loop.io.sleep(1);
      yield* here.write(Buffer.from('here'));
      yield* here.end();
      assert.equal((yield* readAll(there)).toString(), 'all here');
    });
  });

  add('a write that is cancelled leaves the others alone, and sends its bytes', async (kit) => {
    const loop = await kit.open();
    await withPair(loop, function* ({ here, there }) {
      const chunk = pattern(1 << 20, 1);
      let sent = 0;
      const waiting: Future<void>[] = [];
      while (waiting.length < 3) {
        const future = here.write(chunk);
        sent += chunk.length;
        yield* loop.io.sleep(1);
        if (!future.done) waiting.push(future);
        assert.ok(sent < 1 << 28, 'nothing held the writer back');
      }
      const [one, ...others] = waiting.map((future) => loop.spawn(() => future));
      yield;
      one?.cancel();
      const later = loop.spawn(() => here.write(chunk));
      sent += chunk.length;
      const reader = loop.spawn(() => readAll(there));
      for (const other of others) yield* other;
      yield* later;
      yield* here.end();
      assert.equal(one?.cancelled, true);
      assert.equal((yield* reader).length, sent);
    });
  });

  add('an end that is cancelled ends all the same, for whoever else waits', async (kit) => {
    const loop = await kit.open();
    await withPair(loop, function* ({ here, there }) {
      void here.write(pattern(4 << 20, 1)); // so that end has to wait
      const one = loop.spawn(() => here.end());
      const other = loop.spawn(() => here.end());
      yield* turns(2);
      one.cancel();
      assert.equal((yield* readAll(there)).length, 4 << 20);
      yield* other;
      yield* here.end();
      assert.equal(one.cancelled, true);
    });
  });

  add('connecting where nobody listens is ECONNREFUSED', async (kit) => {
    const loop = await kit.open();
    const error = await rejectionOf(
      loop.run(function* () {
        const server = yield* loop.io.listen({ port: 0 }, echo);
        yield* server.close();
        return yield* loop.io.connect({ port: server.port });
      }),
    );
    assert.equal((error as NodeJS.ErrnoException).code, 'ECONNREFUSED');
  });

  add('a port that is taken is EADDRINUSE', async (kit) => {
    const loop = await kit.open();
    await loop.run(function* () {
      const server = yield* loop.io.listen({ port: 0 }, echo);
      const { port } = server;
      const error = yield* failureOf(() => loop.io.listen({ port }, echo));
      assert.equal((error as NodeJS.ErrnoException).code, 'EADDRINUSE');
      yield* server.close();
      const again = yield* loop.io.listen({ port }, echo);
      assert.equal(again.port, port, 'it is free again');
      yield* again.close();
    });
  });

  add('a server that closes takes no new connection; open ones go on', async (kit) => {
    const loop = await kit.open();
    await loop.run(function* () {
      const server = yield* loop.io.listen({ port: 0 }, echo);
      const stream = yield* loop.io.connect({ port: server.port });
      yield* stream.write(Buffer.from('before'));
      yield* readExactly(stream, 6);
      yield* server.close();
      yield* server.close();
      const refused = yield* failureOf(() => loop.io.connect({ port: server.port }));
      assert.equal((refused as NodeJS.ErrnoException).code, 'ECONNREFUSED');
      yield* stream.write(Buffer.from('after'));
      yield* stream.end();
      assert.equal((yield* readAll(stream)).toString(), 'after');
    });
  });

  add('a handler that throws closes its connection, and its failure is reported', async (kit) => {
    const loop = await kit.open();
    const error = new Error('in the handler');
    await loop.run(function* () {
      const server = yield* loop.io.listen({ port: 0 }, function* (stream) {
        yield* stream.read();
        throw error;
      });
      for (let i = 0; i < 2; i++) {
        const stream = yield* loop.io.connect({ port: server.port });
        yield* stream.write(Buffer.from('x'));
        const outcome = yield* failureOf(() => stream.read());
        assert.notEqual(outcome, error, 'it is closed, or reset');
        stream.close();
      }
      yield* server.close();
    });
    const { failures } = await kit.close(loop);
    // One that was collected already has gone to onError instead.
    const reported = [...failures, ...kit.takeErrors()];
    assert.deepEqual(
      reported.map((failure) => failure.error),
      [error, error],
    );
  });

  add('a connect that is cancelled is given up', async (kit) => {
    const loop = await kit.open();
    await loop.run(function* () {
      const seen: (Uint8Array | null)[] = [];
      const server = yield* loop.io.listen({ port: 0 }, function* (stream) {
        seen.push(yield* stream.read());
      });
      const connecting = loop.spawn(() => loop.io.connect({ port: server.port }));
      yield;
      connecting.cancel();
      assert.ok((yield* failureOf(() => connecting)) instanceof CancelledError);
      const stream = yield* loop.io.connect({ port: server.port });
      yield* stream.write(Buffer.from('x'));
      assert.equal(yield* stream.read(), null);
      stream.close();
      yield* server.close();
      assert.ok(seen.some((bytes) => bytes !== null));
    });
  });

  add('closing the loop closes its streams and servers, and their handlers', async (kit) => {
    const [loop, peer] = [await kit.open(), await kit.open()];
    const begun = peer.future<void>();
    let cleaned = false;
    const server = await loop.run(() =>
      loop.io.listen({ port: 0 }, function* (stream) {
        try {
          yield* stream.read();
          begun.setResult();
          yield* stream.read();
        } finally {
          cleaned = true;
        }
      }),
    );
    const serving = loop.runForever();
    const stream = await peer.run(function* () {
      const found = yield* peer.io.connect({ port: server.port });
      yield* found.write(Buffer.from('x'));
      yield* begun;
      return found;
    });
    loop.stop();
    await serving;
    const { pending } = await kit.close(loop);
    assert.equal(pending.length, 1);
    assert.match(pending[0]?.name ?? '', /connection/);
    assert.equal(cleaned, true);
    await peer.run(function* () {
      assert.equal(yield* stream.read(), null);
      const refused = yield* failureOf(() => peer.io.connect({ port: server.port }));
      assert.equal((refused as NodeJS.ErrnoException).code, 'ECONNREFUSED');
      stream.close();
    });
  });
});

/** What waiting for `work` throws, or the error that it did not. */
function* failureOf(work: () => Future<unknown>): Coroutine<unknown> {
  try {
    yield* work();
  } catch (error) {
    return error;
  }
  return new Error('it did not fail');
}

/** Writes until the stream takes no more, and then waits for ever. */
function* fill(stream: Stream): Coroutine<void> {
  const chunk = new Uint8Array(1 << 20);
  for (;;) yield* stream.write(chunk);
}
