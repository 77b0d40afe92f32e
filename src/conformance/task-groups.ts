/** taskGroup: no task outlives its group; one that fails ends the others. */
import assert from 'node:assert/strict';
import { CancelledError, InvalidStateError } from '../loop/errors.js';
import type { Coroutine, Loop } from '../loop/policy.js';
import { taskGroup, type GroupBody, type TaskGroup } from '../loop/task-group.js';
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

/** Expects the group to fail with an AggregateError of these errors. */
async function failsWith(loop: Loop, errors: unknown[], body: GroupBody<unknown>): Promise<void> {
  const error = await rejectionOf(loop.run(() => taskGroup(loop, body)));
  assert.ok(error instanceof AggregateError, String(error));
  assert.deepEqual(error.errors, errors);
}

export const groups = group('task groups', (add) => {
  add('a group is done when its body and every task have ended', async (kit) => {
    const loop = await kit.open();
    const log: string[] = [];
    const result = await loop.run(() =>
      taskGroup(loop, function* (tasks) {
        for (const when of [3, 1, 2]) {
          tasks.spawn(after(when, null)).onDone(() => log.push(`after ${when}`));
        }
        yield;
        return 'the body';
      }),
    );
    assert.equal(result, 'the body');
    assert.deepEqual(log, ['after 1', 'after 2', 'after 3']);
  });

  add('the body may be a plain or an async function', async (kit) => {
    const loop = await kit.open();
    const plain = await loop.run(() =>
      taskGroup(loop, (tasks) => {
        tasks.spawn(after(1, 0));
        return 'plain';
      }),
    );
    const late = await loop.run(() =>
      taskGroup(loop, async (tasks) => (await tasks.spawn(after(1, 4))) + 1),
    );
    assert.deepEqual([plain, late], ['plain', 5]);
  });

  add('a group without tasks gives the result of its body', async (kit) => {
    const loop = await kit.open();
    assert.equal(await loop.run(() => taskGroup(loop, () => 7)), 7);
  });

  add('tasks spawn tasks in the group, after the body has ended too', async (kit) => {
    const loop = await kit.open();
    const log: number[] = [];
    const descend = (tasks: TaskGroup, depth: number) =>
      function* (): Coroutine<void> {
        yield* loop.io.sleep(1);
        log.push(depth);
        if (depth > 0) tasks.spawn(descend(tasks, depth - 1));
      };
    await loop.run(() => taskGroup(loop, (tasks) => void tasks.spawn(descend(tasks, 3))));
    assert.deepEqual(log, [3, 2, 1, 0]);
  });

  add('a task that fails cancels the others and the body, which clean up first', async (kit) => {
    const loop = await kit.open();
    const log: string[] = [];
    const error = new Error('mine');
    await failsWith(loop, [error], function* (tasks) {
      tasks.spawn(careful(log, 'a'));
      tasks.spawn(failAfter(1, error));
      tasks.spawn(careful(log, 'b'));
      yield* careful(log, 'the body')(loop, null as never) as Coroutine<never>;
    });
    assert.deepEqual(log.toSorted(), ['a cleaned up', 'b cleaned up', 'the body cleaned up']);
  });

  add('a body that fails cancels the tasks', async (kit) => {
    const loop = await kit.open();
    const log: string[] = [];
    const error = new Error('mine');
    await failsWith(loop, [error], function* (tasks) {
      tasks.spawn(careful(log, 'a'));
      tasks.spawn(careful(log, 'b'));
      yield* turns(2);
      throw error;
    });
    assert.deepEqual(log.toSorted(), ['a cleaned up', 'b cleaned up']);
  });

  add('all errors come, those of clean-up too, in the order in which they came', async (kit) => {
    const loop = await kit.open();
    const errors = [new Error('first'), new Error('second'), new Error('third')] as const;
    const failsInCleanUp = (when: number, error: Error) =>
      function* (): Coroutine<never> {
        yield* outcomeOf(loop.io.sleep(60_000));
        yield* turns(3 * when);
        throw error;
      };
    await failsWith(loop, [...errors], (tasks) => {
      tasks.spawn(failsInCleanUp(4, errors[2]));
      tasks.spawn(failAfter(1, errors[0]));
      tasks.spawn(failsInCleanUp(1, errors[1]));
    });
  });

  add('an error that the body has caught still ends the group', async (kit) => {
    const loop = await kit.open();
    const error = new Error('mine');
    await failsWith(loop, [error], function* (tasks) {
      yield* outcomeOf(tasks.spawn(failAfter(1, error)));
      return 'caught';
    });
  });

  add('a task that is cancelled alone is not an error', async (kit) => {
    const loop = await kit.open();
    const result = await loop.run(() =>
      taskGroup(loop, function* (tasks) {
        const gone = tasks.spawn(asleep);
        const stays = tasks.spawn(after(3, 'stayed'));
        yield;
        gone.cancel();
        return yield* stays;
      }),
    );
    assert.equal(result, 'stayed');
  });

  add('cancelling the group cancels the body and every task, and waits', async (kit) => {
    const loop = await kit.open();
    const log: string[] = [];
    await loop.run(function* () {
      const whole = taskGroup(loop, function* (tasks) {
        tasks.spawn(careful(log, 'a'));
        yield* careful(log, 'the body')(loop, null as never) as Coroutine<never>;
      });
      yield* turns(5);
      whole.cancel('enough');
      const error = yield* outcomeOf(whole);
      assert.ok(error instanceof CancelledError);
      assert.equal(error.message, 'enough');
      assert.deepEqual(log.toSorted(), ['a cleaned up', 'the body cleaned up']);
      assert.equal(whole.cancelled, true);
    });
  });

  add('cancelled after its body has ended, it is cancelled all the same', async (kit) => {
    const loop = await kit.open();
    await loop.run(function* () {
      const whole = taskGroup(loop, (tasks) => void tasks.spawn(asleep));
      yield* turns(5);
      whole.cancel();
      assert.ok((yield* outcomeOf(whole)) instanceof CancelledError);
    });
  });

  add('cancelled, an error of the clean-up is what it ends with', async (kit) => {
    const loop = await kit.open();
    const error = new Error('in clean-up');
    await loop.run(function* () {
      const whole = taskGroup(loop, function* () {
        yield* outcomeOf(loop.io.sleep(60_000));
        throw error;
      });
      yield* turns(4);
      whole.cancel();
      const caught = yield* outcomeOf(whole);
      assert.ok(caught instanceof AggregateError);
      assert.deepEqual(caught.errors, [error]);
    });
  });

  add('cancelled before its first step, the body never runs', async (kit) => {
    const loop = await kit.open();
    let ran = false;
    await loop.run(function* () {
      const whole = taskGroup(loop, () => void (ran = true));
      whole.cancel();
      assert.ok((yield* outcomeOf(whole)) instanceof CancelledError);
    });
    assert.equal(ran, false);
  });

  add('spawn is refused after the end, and once it is being cancelled', async (kit) => {
    const loop = await kit.open();
    const refused: unknown[] = [];
    const ended = await loop.run(() => taskGroup(loop, (tasks) => tasks));
    refused.push(thrownBy(() => ended.spawn(() => 1)));
    await rejectionOf(
      loop.run(() =>
        taskGroup(loop, function* (tasks) {
          tasks.spawn(failAfter(1, new Error('mine')));
          yield* outcomeOf(loop.io.sleep(60_000));
          refused.push(thrownBy(() => tasks.spawn(() => 1)));
        }),
      ),
    );
    for (const [i, why] of ['has ended', 'is being cancelled'].entries()) {
      const error = refused[i];
      assert.ok(error instanceof InvalidStateError);
      assert.ok(error.message.includes(`in a group that ${why}: spawn it`), error.message);
    }
  });

  add('nested groups: the errors of the inner one end the outer one', async (kit) => {
    const loop = await kit.open();
    const log: string[] = [];
    const error = new Error('mine');
    const outer = taskGroup(loop, function* (tasks) {
      tasks.spawn(careful(log, 'outer'));
      yield* taskGroup(loop, function* (inner) {
        inner.spawn(careful(log, 'inner'));
        inner.spawn(failAfter(1, error));
        yield;
      });
    });
    const caught = await rejectionOf(loop.run(() => outer));
    assert.ok(caught instanceof AggregateError);
    const [inner] = caught.errors as unknown[];
    assert.ok(inner instanceof AggregateError);
    assert.deepEqual(inner.errors, [error]);
    assert.deepEqual(log, ['inner cleaned up', 'outer cleaned up']);
  });

  add(
    'nested groups: an inner one that fails as the outer one does hides that from nobody',
    async (kit) => {
      const loop = await kit.open();
      const [log, error] = [[] as string[], new Error('outer')];
      const moment = loop.future<void>();
      const failThen = (reason: Error) =>
        function* (): Coroutine<void> {
          yield* moment;
          throw reason;
        };
      loop.callLater(2, () => moment.setResult());
      await failsWith(loop, [error], function* (outer) {
        outer.spawn(failThen(error));
        try {
          yield* taskGroup(loop, function* (inner) {
            inner.spawn(failThen(new Error('inner')));
            yield* asleep(loop);
          });
        } catch (caught) {
          log.push(String(caught instanceof AggregateError));
        }
        yield* loop.io.sleep(60_000);
        log.push('went on');
      });
      assert.deepEqual(log, ['true']);
    },
  );

  add('its tasks are not reported: the group has seen their errors', async (kit) => {
    const loop = await kit.open();
    await loop.run(function* () {
      const whole = taskGroup(loop, function* (tasks) {
        tasks.spawn(failAfter(1, new Error('one')));
        tasks.spawn(failAfter(2, new Error('never')));
        yield* loop.io.sleep(5);
      });
      yield* outcomeOf(whole);
    });
    assert.deepEqual((await kit.close(loop)).failures, []);
  });
});
