/** timeout: a result in time, or TimeoutError once the item has cleaned up. */
import assert from 'node:assert/strict';
import {
  CancelledError,
  InvalidArgumentError,
  InvalidDelayError,
  TimeoutError,
} from '../loop/errors.js';
import type { Coroutine } from '../loop/policy.js';
import { Lock, Queue } from '../loop/sync.js';
import { timeout } from '../loop/timeout.js';
import { group } from './case.js';
import {
  after,
  asleep,
  careful,
  failAfter,
  outcomeOf,
  rejectionOf,
  thrownBy,
  turns,
} from './helpers.js';

export const deadlines = group('timeout', (add) => {
  add('in time: the result, or the very error', async (kit) => {
    const loop = await kit.open();
    const error = new Error('mine');
    assert.equal(await loop.run(() => timeout(loop, 60_000, after(1, 'value'))), 'value');
    assert.equal(
      await rejectionOf(loop.run(() => timeout(loop, 60_000, failAfter(1, error)))),
      error,
    );
  });

  add('in time: leaves no timer behind', { step: true }, async (kit) => {
    const loop = await kit.open();
    await loop.run(() => timeout(loop, 60_000, after(1, 'value')));
    assert.equal(loop.runOnce(), false);
  });

  add('of what is done already', async (kit) => {
    const loop = await kit.open();
    const done = loop.future<number>();
    done.setResult(5);
    assert.equal(await loop.run(() => timeout(loop, 0, done)), 5);
  });

  add('late: TimeoutError, after the item has cleaned up', async (kit) => {
    const loop = await kit.open();
    const log: string[] = [];
    const task = loop.spawn(careful(log));
    const error = await rejectionOf(loop.run(() => timeout(loop, 2, task)));
    assert.ok(error instanceof TimeoutError);
    assert.match(error.message, /^timeout\(\): .+ took longer than 2 ms$/);
    assert.equal(task.cancelled, true);
    assert.deepEqual(log, ['it cleaned up']);
  });

  add('late: a future is cancelled', async (kit) => {
    const loop = await kit.open();
    const future = loop.future<void>();
    await loop.run(function* () {
      assert.ok((yield* outcomeOf(timeout(loop, 1, future))) instanceof TimeoutError);
    });
    assert.equal(future.cancelled, true);
  });

  add('late: an error of the clean-up is what comes', async (kit) => {
    const loop = await kit.open();
    const error = new Error('in clean-up');
    const item = function* (): Coroutine<never> {
      yield* outcomeOf(loop.io.sleep(60_000));
      throw error;
    };
    assert.equal(await rejectionOf(loop.run(() => timeout(loop, 1, item))), error);
  });

  add('late: an item that declines to be cancelled gives its result', async (kit) => {
    const loop = await kit.open();
    const item = function* (): Coroutine<string> {
      yield* outcomeOf(loop.io.sleep(60_000));
      yield* loop.io.sleep(1);
      return 'declined';
    };
    assert.equal(await loop.run(() => timeout(loop, 1, item)), 'declined');
  });

  add('zero gives a job no time to wait', async (kit) => {
    const loop = await kit.open();
    const error = await rejectionOf(loop.run(() => timeout(loop, 0, asleep)));
    assert.ok(error instanceof TimeoutError);
  });

  add('an item that somebody else cancels is cancelled, and not late', async (kit) => {
    const loop = await kit.open();
    const item = loop.spawn(asleep);
    await loop.run(function* () {
      const limited = timeout(loop, 50_000, item);
      yield;
      item.cancel('enough');
      const error = yield* outcomeOf(limited);
      assert.ok(error instanceof CancelledError);
      assert.equal(error.message, 'enough');
    });
  });

  add('cancelling it cancels the item, and waits for its clean-up', async (kit) => {
    const loop = await kit.open();
    const log: string[] = [];
    await loop.run(function* () {
      const task = loop.spawn(() => timeout(loop, 60_000, careful(log)));
      yield* turns(4);
      task.cancel('enough');
      const error = yield* outcomeOf(task);
      assert.ok(error instanceof CancelledError);
      assert.equal(error.message, 'enough');
      assert.deepEqual(log, ['it cleaned up']);
    });
  });

  add('cancelled before anything could run, it cancels the item', async (kit) => {
    const loop = await kit.open();
    const item = loop.spawn(asleep);
    await loop.run(function* () {
      const limited = timeout(loop, 50_000, item);
      limited.cancel();
      assert.ok((yield* outcomeOf(limited)) instanceof CancelledError);
      assert.equal(item.cancelled, true);
    });
  });

  add('cancelled while the late item cleans up, it is cancelled and not late', async (kit) => {
    const loop = await kit.open();
    await loop.run(function* () {
      let cleaning = false;
      const item = function* (): Coroutine<void> {
        try {
          yield* loop.io.sleep(60_000);
        } finally {
          cleaning = true;
          yield* loop.io.sleep(60_000);
        }
      };
      const limited = loop.spawn(() => timeout(loop, 1, item));
      while (!cleaning) yield* loop.io.sleep(1);
      limited.cancel('enough');
      const error = yield* outcomeOf(limited);
      assert.ok(error instanceof CancelledError, String(error));
    });
  });

  add('cancelled, the time no longer interrupts the clean-up', async (kit) => {
    const loop = await kit.open();
    const log: string[] = [];
    await loop.run(function* () {
      const item = function* (): Coroutine<void> {
        try {
          yield* loop.io.sleep(60_000);
        } finally {
          yield* loop.io.sleep(45);
          log.push('cleaned up');
        }
      };
      const limited = loop.spawn(() => timeout(loop, 30, item));
      yield* turns(4);
      limited.cancel();
      assert.ok((yield* outcomeOf(limited)) instanceof CancelledError);
    });
    assert.deepEqual(log, ['cleaned up']);
  });

  add('one inside another: the shorter one counts', async (kit) => {
    const loop = await kit.open();
    const nested = (outer: number, inner: number) =>
      rejectionOf(loop.run(() => timeout(loop, outer, timeout(loop, inner, asleep))));
    assert.match(String(await nested(50_000, 2)), /TimeoutError: .* than 2 ms/);
    assert.match(String(await nested(3, 50_000)), /TimeoutError: .* than 3 ms/);
  });

  for (const later of [0, 1, 2]) {
    add(
      `cancelled on its way out, it gives back what it got, ${later} turns later`,
      async (kit) => {
        const loop = await kit.open();
        const [lock, queue] = [new Lock(loop), new Queue<string>(loop)];
        await loop.run(function* () {
          yield* lock.acquire();
          const got: string[] = [];
          const getter = loop.spawn(function* () {
            got.push(yield* timeout(loop, 60_000, queue.get()));
          });
          const locker = loop.spawn(function* () {
            yield* timeout(loop, 60_000, lock.acquire());
            lock.release();
          });
          yield* turns(4);
          queue.tryPut('item');
          lock.release();
          yield* turns(later);
          getter.cancel();
          locker.cancel();
          yield* turns(5);
          assert.equal(queue.size + got.length, 1, 'in the queue, or taken');
          assert.equal(lock.locked, false);
        });
      },
    );
  }

  add(
    'an error is reported where nobody waits for it, unless somebody looks later',
    async (kit) => {
      const loop = await kit.open();
      const error = new Error('mine');
      const [seen, unseen] = ['seen', 'unseen'].map((name) => {
        const item = loop.spawn(failAfter(1, error), { name });
        return timeout(loop, 60_000, item);
      });
      await loop.run(() => turns(8));
      assert.equal(unseen?.done, true);
      assert.equal(seen?.error(), error);
      assert.deepEqual((await kit.close(loop)).failures, [{ name: 'unseen', error }]);
    },
  );

  add('refuses a bad time and what is no item', async (kit) => {
    const loop = await kit.open();
    for (const ms of [-1, Number.NaN, '5' as never]) {
      const error = thrownBy(() => timeout(loop, ms, () => 1));
      assert.ok(error instanceof InvalidDelayError);
      assert.match(error.message, /^timeout takes milliseconds/);
    }
    assert.ok(thrownBy(() => timeout(loop, 1, 5 as never)) instanceof InvalidArgumentError);
  });
});
