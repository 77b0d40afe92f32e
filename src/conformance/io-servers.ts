/** Connections as they begin and end: refused, accepted, closed, given up. */
import assert from 'node:assert/strict';
import { CancelledError } from '../loop/errors.js';
import { group } from './case.js';
import { rejectionOf } from './helpers.js';
import { echo, failureOf, readAll, readExactly } from './stream-helpers.js';

export const servers = group('servers', (add) => {
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
    // A connection that was already collected has been reported to onError instead.
    const reported = [...failures, ...kit.takeErrors()];
    assert.deepEqual(
      reported.map((failure) => failure.error),
      [error, error],
    );
  });

  add('a connect that is cancelled is given up, and the next one works', async (kit) => {
    const loop = await kit.open();
    await loop.run(function* () {
      const server = yield* loop.io.listen({ port: 0 }, echo);
      const connecting = loop.spawn(() => loop.io.connect({ port: server.port }));
      yield;
      connecting.cancel();
      assert.ok((yield* failureOf(() => connecting)) instanceof CancelledError);
      const stream = yield* loop.io.connect({ port: server.port });
      yield* stream.write(Buffer.from('next'));
      yield* stream.end();
      assert.equal((yield* readAll(stream)).toString(), 'next');
      yield* server.close();
    });
    // The server may have seen the first connection come and go without having finished with it.
    const { failures, abandoned } = await kit.close(loop);
    assert.deepEqual([failures, abandoned], [[], []]);
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
    assert.equal(cleaned, true);
    await peer.run(function* () {
      assert.equal(yield* stream.read(), null);
      const refused = yield* failureOf(() => peer.io.connect({ port: server.port }));
      assert.equal((refused as NodeJS.ErrnoException).code, 'ECONNREFUSED');
      stream.close();
    });
  });
});
