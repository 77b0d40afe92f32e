/** Queue: getters and producers that are cancelled lose no item. */
import assert from 'node:assert/strict';
import { TimeoutError } from '../loop/errors.js';
import { Queue } from '../loop/sync.js';
import { timeout } from '../loop/timeout.js';
import { group } from './case.js';
import { outcomeOf, turns } from './helpers.js';

export const queueCancellation = group('queues and cancellation', (add) => {
  add('a getter that is cancelled while waiting is passed over', async (kit) => {
    const loop = await kit.open();
    const queue = new Queue<string>(loop);
    await loop.run(function* () {
      const [gone, stays] = [loop.spawn(() => queue.get()), loop.spawn(() => queue.get())];
      yield* turns(2);
      gone.cancel();
      queue.tryPut('item');
      assert.equal(yield* stays, 'item');
      yield* outcomeOf(gone);
      assert.equal(gone.cancelled, true);
    });
  });

  add('an item on its way to a task that is cancelled returns to the head', async (kit) => {
    const loop = await kit.open();
    const queue = new Queue<string>(loop);
    await loop.run(function* () {
      const gone = loop.spawn(() => queue.get());
      yield* turns(2);
      queue.tryPut('first');
      queue.tryPut('second');
      gone.cancel();
      yield* outcomeOf(gone);
      assert.equal(gone.cancelled, true);
      assert.equal(yield* queue.get(), 'first');
      assert.equal(yield* queue.get(), 'second');
    });
  });

  add('an item on its way to a task that is cancelled goes to who waits next', async (kit) => {
    const loop = await kit.open();
    const queue = new Queue<string>(loop);
    await loop.run(function* () {
      const [gone, stays] = [loop.spawn(() => queue.get()), loop.spawn(() => queue.get())];
      yield* turns(2);
      queue.tryPut('item');
      gone.cancel();
      assert.equal(yield* stays, 'item');
      assert.equal(gone.cancelled, true);
    });
  });

  add(
    'an item that returns to a full queue lets no producer in before there is room',
    async (kit) => {
      const loop = await kit.open();
      const queue = new Queue<number>(loop, { maxSize: 1 });
      await loop.run(function* () {
        const gone = loop.spawn(() => queue.get());
        yield* turns(2);
        const puts = [1, 2, 3].map((n) => queue.put(n));
        gone.cancel();
        yield* outcomeOf(gone);
        assert.equal(queue.size, 2, 'the one item more that must not be lost');
        assert.equal(yield* queue.get(), 1);
        assert.equal(queue.size, 1);
        assert.equal(puts[2]?.done, false);
        assert.deepEqual([yield* queue.get(), yield* queue.get()], [2, 3]);
      });
    },
  );

  add('a producer that is cancelled while waiting puts nothing', async (kit) => {
    const loop = await kit.open();
    const queue = new Queue<string>(loop, { maxSize: 1 });
    await loop.run(function* () {
      yield* queue.put('a');
      const [gone, stays] = [loop.spawn(() => queue.put('b')), loop.spawn(() => queue.put('c'))];
      yield* turns(2);
      gone.cancel();
      yield* outcomeOf(gone);
      assert.equal(yield* queue.get(), 'a');
      yield* stays;
      assert.equal(yield* queue.get(), 'c');
      assert.equal(queue.tryGet(), null);
    });
  });

  add('an item that returned is still to be dealt with', async (kit) => {
    const loop = await kit.open();
    const queue = new Queue<string>(loop);
    await loop.run(function* () {
      const gone = loop.spawn(() => queue.get());
      yield* turns(2);
      queue.tryPut('item');
      gone.cancel();
      yield* outcomeOf(gone);
      const joining = queue.join();
      assert.equal(joining.done, false);
      yield* queue.get();
      queue.taskDone();
      assert.equal(joining.done, true);
    });
  });

  add('ten thousand gets that came too late leave nothing behind', async (kit) => {
    const loop = await kit.open();
    const queue = new Queue<string>(loop);
    await loop.run(function* () {
      const late = Array.from({ length: 10_000 }, () => timeout(loop, 1, queue.get()));
      for (const one of late) {
        assert.ok((yield* outcomeOf(one)) instanceof TimeoutError);
      }
      const { getters } = queue as unknown as { getters: Iterable<unknown> };
      assert.deepEqual([...getters], []);
      queue.tryPut('item');
      assert.equal(queue.size, 1, 'it went to nobody');
    });
  });
});
