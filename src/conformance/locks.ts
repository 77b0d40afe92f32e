/** Lock: one at a time, first come, first served, and nothing lost to a cancellation. */
import assert from 'node:assert/strict';
import { gather } from '../loop/combine.js';
import { InvalidStateError, TimeoutError } from '../loop/errors.js';
import type { Coroutine } from '../loop/policy.js';
import { Lock, Semaphore } from '../loop/sync.js';
import { timeout } from '../loop/timeout.js';
import { group } from './case.js';
import { outcomeOf, rejectionOf, thrownBy, turns } from './helpers.js';

export const locks = group('locks', (add) => {
  add('one holds it at a time, in the order in which they asked', async (kit) => {
    const loop = await kit.open();
    const lock = new Lock(loop);
    const log: string[] = [];
    const job = (name: string) => (): Coroutine<void> =>
      lock.hold(function* () {
        log.push(`${name} in`);
        yield* turns(3);
        yield* loop.io.sleep(1);
        log.push(`${name} out`);
      });
    await loop.run(() => gather(loop, ['a', 'b', 'c'].map(job)));
    assert.deepEqual(log, ['a in', 'a out', 'b in', 'b out', 'c in', 'c out']);
    assert.equal(lock.locked, false);
  });

  add('one that is free is taken without suspending', async (kit) => {
    const loop = await kit.open();
    const lock = new Lock(loop);
    assert.equal(lock.locked, false);
    assert.equal(lock.acquire().done, true);
    assert.equal(lock.locked, true);
    assert.equal(lock.acquire().done, false);
  });

  add('an async function waits for it with await', async (kit) => {
    const loop = await kit.open();
    const lock = new Lock(loop);
    let inside = 0;
    const job = async (): Promise<void> => {
      await lock.acquire();
      assert.equal(++inside, 1);
      await loop.io.sleep(1);
      inside--;
      lock.release();
    };
    await loop.run(() => gather(loop, [job, job, job]));
    assert.equal(lock.locked, false);
  });

  add('hold gives the result, and releases after an error and a cancellation', async (kit) => {
    const loop = await kit.open();
    const lock = new Lock(loop);
    const error = new Error('mine');
    await loop.run(function* () {
      assert.equal(
        yield* lock.hold(function* () {
          return 5;
        }),
        5,
      );
      const fails = loop.spawn(() =>
        lock.hold(function* () {
          throw error;
        }),
      );
      assert.equal(yield* outcomeOf(fails), error);
      assert.equal(lock.locked, false);
      const sleeper = loop.spawn(() => lock.hold(() => loop.io.sleep(60_000) as never));
      yield* turns(1);
      assert.equal(lock.locked, true);
      sleeper.cancel();
      yield* outcomeOf(sleeper);
      assert.equal(lock.locked, false);
    });
  });

  add('one who is cancelled while waiting is passed over', async (kit) => {
    const loop = await kit.open();
    const lock = new Lock(loop);
    await loop.run(function* () {
      yield* lock.acquire();
      const tasks = [1, 2, 3].map(() => loop.spawn(() => lock.acquire()));
      yield* turns(2);
      tasks[0]?.cancel();
      tasks[1]?.cancel();
      yield* turns(2);
      lock.release();
      yield* turns(2);
      assert.deepEqual(
        tasks.map((task) => (task.cancelled ? 'cancelled' : task.done)),
        ['cancelled', 'cancelled', true],
      );
      assert.equal(lock.locked, true);
    });
  });

  add('one who is cancelled between being served and running gives it to the next', async (kit) => {
    const loop = await kit.open();
    const lock = new Lock(loop);
    const log: string[] = [];
    const job = (name: string) => (): Coroutine<void> =>
      lock.hold(function* () {
        log.push(name);
      });
    await loop.run(function* () {
      yield* lock.acquire();
      const [unlucky, lucky] = [loop.spawn(job('unlucky')), loop.spawn(job('lucky'))];
      yield* turns(2);
      lock.release();
      unlucky.cancel();
      yield* lucky;
      assert.equal(unlucky.cancelled, true);
    });
    assert.deepEqual(log, ['lucky']);
    assert.equal(lock.locked, false);
  });

  add('one who came late to wait for it does not get in the way', async (kit) => {
    const loop = await kit.open();
    const lock = new Lock(loop);
    await loop.run(function* () {
      yield* lock.acquire();
      const late = yield* outcomeOf(timeout(loop, 1, lock.acquire()));
      assert.ok(late instanceof TimeoutError);
      lock.release();
      assert.equal(lock.locked, false);
    });
  });

  add('released more often than taken: refused', async (kit) => {
    const loop = await kit.open();
    for (const [what, one] of [
      ['lock', new Lock(loop)],
      ['semaphore', new Semaphore(loop, 2)],
    ] as const) {
      void one.acquire();
      one.release();
      const error = thrownBy(() => one.release());
      assert.ok(error instanceof InvalidStateError);
      assert.match(error.message, new RegExp(`on a ${what} of which nothing is taken: acquire`));
    }
  });

  add('what waits for a lock says so', async (kit) => {
    const loop = await kit.open();
    const [lock, semaphore] = [new Lock(loop), new Semaphore(loop, 1)];
    void lock.acquire();
    void semaphore.acquire();
    const tasks = [lock, semaphore].map((one) => loop.spawn(() => one.acquire()));
    await loop.run(() => turns(3));
    assert.deepEqual(
      tasks.map((task) => task.waitingFor),
      ['a lock', 'a semaphore'],
    );
    for (const task of tasks) task.cancel();
    await rejectionOf(loop.run(() => gather(loop, tasks)));
  });
});
