/** The states of streams and servers: ended, closed, refused, cancelled, misused. */
import assert from 'node:assert/strict';
import { CancelledError, StreamStateError } from '../loop/errors.js';
import type { Future } from '../loop/future.js';
import { group } from './case.js';
import { turns } from './helpers.js';
import { failureOf, fill, pattern, readAll, withPair } from './stream-helpers.js';

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

  add('a read that is cancelled as its bytes arrive loses none of them', async (kit) => {
    const loop = await kit.open();
    await withPair(loop, function* ({ here, there }) {
      const read = there.read();
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
      void here.write(pattern(4 << 20, 1)); // so that `end` has to wait
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
});
