/** What a cancelled task may still do: clean up, wait during clean-up, and even decline. */
import assert from 'node:assert/strict';
import { CancelledError } from '../loop/errors.js';
import type { Coroutine, Loop } from '../loop/policy.js';
import { group } from './case.js';
import { thrownBy, turns } from './helpers.js';

export const cleanUp = group('clean-up', (add) => {
  add('may be declined: the task goes on and gives its result', async (kit) => {
    const loop = await kit.open();
    const task = loop.spawn(function* () {
      for (let declined = 0; ;) {
        try {
          yield* loop.io.sleep(declined < 2 ? 60_000 : 1);
          return declined;
        } catch (error) {
          assert.ok(error instanceof CancelledError);
          declined++;
        }
      }
    });
    const declined = await loop.run(function* () {
      for (let i = 0; i < 2; i++) {
        yield;
        assert.equal(task.cancel(), true);
        yield;
      }
      return yield* task;
    });
    assert.equal(declined, 2);
    assert.equal(task.cancelled, false);
  });

  add('clean-up may wait, and the task is done after it', async (kit) => {
    const loop = await kit.open();
    const log: string[] = [];
    await loop.run(function* () {
      const task = loop.spawn(function* () {
        try {
          yield* loop.io.sleep(60_000);
        } finally {
          log.push('clean-up begins');
          yield* loop.io.sleep(2);
          log.push('clean-up ends');
        }
      });
      yield;
      task.cancel();
      yield;
      assert.equal(task.done, false);
      try {
        yield* task;
      } catch (error) {
        log.push((error as Error).name);
      }
    });
    assert.deepEqual(log, ['clean-up begins', 'clean-up ends', 'CancelledError']);
  });

  add('during clean-up: the clean-up is interrupted', async (kit) => {
    const loop = await kit.open();
    const log: string[] = [];
    await loop.run(function* () {
      const task = loop.spawn(function* () {
        try {
          yield* loop.io.sleep(60_000);
        } finally {
          log.push('begins');
          yield* loop.io.sleep(60_000);
          log.push('never');
        }
      });
      yield;
      task.cancel('first');
      yield;
      task.cancel('second');
      yield* turns(2);
      assert.equal((thrownBy(() => task.result()) as Error).message, 'second');
    });
    assert.deepEqual(log, ['begins']);
  });

  add('runs every finally of nested coroutines, the innermost first', async (kit) => {
    const loop = await kit.open();
    const log: number[] = [];
    const nested = function* (depth: number): Coroutine<void> {
      try {
        if (depth === 0) yield* sleepLong(loop);
        else yield* nested(depth - 1);
      } finally {
        yield;
        log.push(depth);
      }
    };
    await loop.run(function* () {
      const task = loop.spawn(() => nested(3));
      yield;
      task.cancel();
      yield* turns(10);
      assert.equal(task.cancelled, true);
    });
    assert.deepEqual(log, [0, 1, 2, 3]);
  });

  add('twice before the step: CancelledError is thrown once', async (kit) => {
    const loop = await kit.open();
    let thrown = 0;
    await loop.run(function* () {
      const task = loop.spawn(function* () {
        try {
          yield* sleepLong(loop);
        } catch {
          thrown++;
        }
        yield* loop.io.sleep(1);
        return 'went on';
      });
      yield;
      task.cancel();
      task.cancel();
      // As in asyncio, the second one counts too: it is thrown instead of the first.
      assert.equal(yield* task, 'went on');
    });
    assert.equal(thrown, 1);
  });

  add('an error thrown by clean-up is what the task fails with', async (kit) => {
    const loop = await kit.open();
    const error = new Error('clean-up failed');
    const caught = await loop.run(function* () {
      const task = loop.spawn(function* () {
        try {
          yield* sleepLong(loop);
        } catch {
          throw error;
        }
      });
      yield;
      task.cancel();
      try {
        yield* task;
      } catch (thrown) {
        return [thrown, task.cancelled];
      }
      return null;
    });
    assert.deepEqual(caught, [error, false]);
  });
});

function* sleepLong(loop: Loop): Coroutine<void> {
  yield* loop.io.sleep(60_000);
}
