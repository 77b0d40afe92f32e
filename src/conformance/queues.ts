/** Queue: first in, first out; nothing lost, and nothing twice. */
import assert from 'node:assert/strict';
import { gather } from '../loop/combine.js';
import { InvalidArgumentError, InvalidStateError } from '../loop/errors.js';
import type { Coroutine } from '../loop/policy.js';
import { Queue } from '../loop/sync.js';
import { group } from './case.js';
import { outcomeOf, rejectionOf, thrownBy, turns } from './helpers.js';

export const queues = group('queues', (add) => {
  add('first in, first out', async (kit) => {
    const loop = await kit.open();
    const queue = new Queue<number>(loop);
    const numbers = Array.from({ length: 100 }, (_, i) => i);
    await loop.run(function* () {
      for (const n of numbers) yield* queue.put(n);
      assert.equal(queue.size, 100);
      const got: number[] = [];
      while (queue.size > 0) got.push(yield* queue.get());
      assert.deepEqual(got, numbers);
    });
  });

  add('getters wait, and are served in the order in which they came', async (kit) => {
    const loop = await kit.open();
    const queue = new Queue<string>(loop);
    const got: string[] = [];
    await loop.run(function* () {
      const getters = [0, 1, 2].map((i) =>
        loop.spawn(function* () {
          got.push(`${i} ${yield* queue.get()}`);
        }),
      );
      yield* turns(2);
      for (const item of ['a', 'b', 'c']) assert.equal(queue.tryPut(item), true);
      assert.equal(queue.size, 0);
      yield* gather(loop, getters);
    });
    assert.deepEqual(got, ['0 a', '1 b', '2 c']);
  });

  add('undefined and null are items too', async (kit) => {
    const loop = await kit.open();
    const queue = new Queue<unknown>(loop);
    queue.tryPut(undefined);
    queue.tryPut(null);
    assert.equal(queue.size, 2);
    assert.deepEqual(queue.tryGet(), { item: undefined });
    assert.equal(await loop.run(() => queue.get()), null);
  });

  add('bounded: a producer waits for room, and its item keeps its place', async (kit) => {
    const loop = await kit.open();
    const queue = new Queue<number>(loop, { maxSize: 2 });
    await loop.run(function* () {
      const puts = [1, 2, 3, 4].map((n) => queue.put(n));
      assert.deepEqual(
        puts.map((put) => put.done),
        [true, true, false, false],
      );
      assert.equal(queue.size, 2);
      assert.equal(yield* queue.get(), 1);
      assert.deepEqual([puts[2]?.done, puts[3]?.done, queue.size], [true, false, 2]);
      const rest: number[] = [];
      while (queue.size > 0) rest.push(yield* queue.get());
      assert.deepEqual(rest, [2, 3, 4]);
    });
  });

  add(
    'bounded: tryPut says whether there was room, tryGet whether there was an item',
    async (kit) => {
      const loop = await kit.open();
      const queue = new Queue<string>(loop, { maxSize: 1 });
      assert.equal(queue.maxSize, 1);
      assert.equal(new Queue(loop).maxSize, Infinity);
      assert.equal(queue.tryGet(), null);
      assert.equal(queue.tryPut('a'), true);
      assert.equal(queue.tryPut('b'), false);
      assert.equal(queue.size, 1);
      assert.deepEqual(queue.tryGet(), { item: 'a' });
      assert.equal(queue.tryPut('c'), true);
    },
  );

  add('tryGet lets a waiting producer in', async (kit) => {
    const loop = await kit.open();
    const queue = new Queue<string>(loop, { maxSize: 1 });
    queue.tryPut('a');
    const put = queue.put('b');
    assert.equal(put.done, false);
    assert.deepEqual(queue.tryGet(), { item: 'a' });
    assert.equal(put.done, true);
    assert.deepEqual(queue.tryGet(), { item: 'b' });
  });

  for (const maxSize of [1, 3, Infinity]) {
    add(`producers and consumers lose nothing and get nothing twice, ${maxSize}`, async (kit) => {
      const loop = await kit.open();
      const queue = new Queue<number>(loop, { maxSize });
      const got: number[] = [];
      let most = 0;
      const producer = (from: number) =>
        function* (): Coroutine<void> {
          for (let i = from; i < from + 100; i++) {
            yield* queue.put(i);
            most = Math.max(most, queue.size);
            if (i % 7 === 0) yield* turns(i % 3);
          }
        };
      const consumer = function* (): Coroutine<void> {
        for (;;) {
          const item = yield* queue.get();
          if (item < 0) return;
          got.push(item);
          if (item % 5 === 0) yield* turns(item % 4);
        }
      };
      await loop.run(function* () {
        const consumers = gather(loop, [consumer, consumer, consumer]);
        yield* gather(loop, [0, 100, 200, 300].map(producer));
        for (let i = 0; i < 3; i++) yield* queue.put(-1);
        yield* consumers;
      });
      const all = Array.from({ length: 400 }, (_, i) => i);
      assert.deepEqual(
        got.toSorted((a, b) => a - b),
        all,
      );
      assert.ok(most <= maxSize);
    });
  }

  add('an async producer and an async consumer', async (kit) => {
    const loop = await kit.open();
    const queue = new Queue<number>(loop, { maxSize: 2 });
    const producer = async (): Promise<void> => {
      for (let i = 0; i < 20; i++) await queue.put(i);
    };
    const consumer = async (): Promise<number> => {
      let sum = 0;
      for (let i = 0; i < 20; i++) sum += await queue.get();
      return sum;
    };
    const [, sum] = await loop.run(() => gather(loop, [producer, consumer]));
    assert.equal(sum, 190);
  });

  add('join waits until taskDone was called for every item', async (kit) => {
    const loop = await kit.open();
    const queue = new Queue<number>(loop);
    assert.equal(queue.join().done, true, 'nothing was put');
    const log: string[] = [];
    await loop.run(function* () {
      for (let i = 0; i < 3; i++) queue.tryPut(i);
      const worker = loop.spawn(function* () {
        for (;;) {
          log.push(`worked on ${yield* queue.get()}`);
          yield* turns(2);
          queue.taskDone();
        }
      });
      yield* queue.join();
      log.push('joined');
      worker.cancel();
      yield* outcomeOf(worker);
    });
    assert.deepEqual(log, ['worked on 0', 'worked on 1', 'worked on 2', 'joined']);
  });

  add('taskDone too often, and a bad maxSize, are refused', async (kit) => {
    const loop = await kit.open();
    const queue = new Queue<number>(loop);
    queue.tryPut(1);
    queue.taskDone();
    const often = thrownBy(() => queue.taskDone());
    assert.ok(often instanceof InvalidStateError);
    assert.match(often.message, /more often than items were put: call it once/);
    for (const maxSize of [0, -1, 1.5, Number.NaN, '3' as never]) {
      const error = thrownBy(() => new Queue(loop, { maxSize }));
      assert.ok(error instanceof InvalidArgumentError);
      assert.match(error.message, /maxSize is a whole number, 1 or more, but got .+: leave it out/);
    }
  });

  add('what waits for a queue says so', async (kit) => {
    const loop = await kit.open();
    const queue = new Queue<number>(loop, { maxSize: 1 });
    const getter = loop.spawn(() => queue.get());
    await loop.run(() => turns(3));
    assert.equal(getter.waitingFor, 'a queue');
    queue.tryPut(1);
    queue.tryPut(2);
    const putter = loop.spawn(() => queue.put(3));
    await loop.run(() => turns(3));
    assert.equal(putter.waitingFor, 'room in a queue');
    putter.cancel();
    await rejectionOf(loop.run(() => putter));
  });
});
