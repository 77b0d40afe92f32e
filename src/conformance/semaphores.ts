/** Semaphore: a fixed number at a time. Event: a flag to wait for. */
import assert from 'node:assert/strict';
import { gather } from '../loop/combine.js';
import { InvalidArgumentError } from '../loop/errors.js';
import type { Coroutine } from '../loop/policy.js';
import { Event, Semaphore } from '../loop/sync.js';
import { group } from './case.js';
import { outcomeOf, thrownBy, turns } from './helpers.js';

export const semaphores = group('semaphores', (add) => {
  add('a semaphore lets so many in and no more', async (kit) => {
    const loop = await kit.open();
    const semaphore = new Semaphore(loop, 3);
    let [inside, most] = [0, 0];
    const job = (): Coroutine<void> =>
      semaphore.hold(function* () {
        most = Math.max(most, ++inside);
        yield* loop.io.sleep(1);
        inside--;
      });
    await loop.run(() => gather(loop, new Array(10).fill(job) as (typeof job)[]));
    assert.equal(most, 3);
    assert.equal(semaphore.locked, false);
  });

  add('a semaphore serves in the order in which they asked', async (kit) => {
    const loop = await kit.open();
    const semaphore = new Semaphore(loop, 2);
    const order: number[] = [];
    const job = (i: number) => (): Coroutine<void> =>
      semaphore.hold(function* () {
        order.push(i);
        yield* turns(i % 3);
      });
    const numbers = Array.from({ length: 20 }, (_, i) => i);
    await loop.run(() => gather(loop, numbers.map(job)));
    assert.deepEqual(order, numbers);
  });

  add('a semaphore keeps its permits through cancellations', async (kit) => {
    const loop = await kit.open();
    const semaphore = new Semaphore(loop, 2);
    await loop.run(function* () {
      const tasks = Array.from({ length: 30 }, () =>
        loop.spawn(() =>
          semaphore.hold(function* () {
            yield* turns(2);
          }),
        ),
      );
      for (const [i, task] of tasks.entries()) {
        if (i % 3 === 0) task.cancel();
        if (i % 2 === 0) yield;
      }
      for (const task of tasks) yield* outcomeOf(task);
      assert.deepEqual([semaphore.acquire().done, semaphore.acquire().done], [true, true]);
      assert.equal(semaphore.acquire().done, false);
    });
  });

  add('a semaphore of a bad number of permits is refused', async (kit) => {
    const loop = await kit.open();
    for (const permits of [0, -1, 1.5, Number.NaN, Infinity, '2' as never]) {
      const error = thrownBy(() => new Semaphore(loop, permits));
      assert.ok(error instanceof InvalidArgumentError);
      assert.match(error.message, /a whole number of permits, 1 or more, but got/);
    }
  });
});

export const flags = group('events', (add) => {
  add('all who wait pass when it is set, in the order in which they came', async (kit) => {
    const loop = await kit.open();
    const event = new Event(loop);
    const log: number[] = [];
    await loop.run(function* () {
      for (let i = 0; i < 4; i++) {
        loop.spawn(function* () {
          yield* event.wait();
          log.push(i);
        });
      }
      yield* turns(2);
      assert.deepEqual(log, []);
      event.set();
      yield* turns(2);
      assert.deepEqual(log, [0, 1, 2, 3]);
      event.clear();
      const again = loop.spawn(() => event.wait());
      yield* turns(2);
      event.set();
      yield* again;
    });
  });

  add('while it is set nobody waits; cleared, they do again', async (kit) => {
    const loop = await kit.open();
    const event = new Event(loop);
    assert.equal(event.isSet, false);
    event.set();
    event.set();
    assert.equal(event.isSet, true);
    assert.equal(event.wait().done, true);
    event.clear();
    assert.equal(event.isSet, false);
    assert.equal(event.wait().done, false);
  });

  add('who was let pass passes, though it is cleared at once', async (kit) => {
    const loop = await kit.open();
    const event = new Event(loop);
    await loop.run(function* () {
      const task = loop.spawn(() => event.wait());
      yield* turns(2);
      event.set();
      event.clear();
      yield* task;
    });
  });

  add('one who is cancelled does not disturb the others', async (kit) => {
    const loop = await kit.open();
    const event = new Event(loop);
    await loop.run(function* () {
      const [gone, stays] = [loop.spawn(() => event.wait()), loop.spawn(() => event.wait())];
      yield* turns(2);
      gone.cancel();
      event.set();
      yield* stays;
      yield* outcomeOf(gone);
      assert.equal(gone.cancelled, true);
    });
  });
});
