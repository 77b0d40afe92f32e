/** gather: all results, in order. */
import assert from 'node:assert/strict';
import { gather } from '../loop/combine.js';
import { CancelledError, InvalidArgumentError } from '../loop/errors.js';
import type { Future } from '../loop/future.js';
import type { Coroutine } from '../loop/policy.js';
import { group } from './case.js';
import { after, asleep, careful, outcomeOf, thrownBy, turns } from './helpers.js';

export const gathering = group('gather', (add) => {
  add('gives the results in the order of the items, not of their completion', async (kit) => {
    const loop = await kit.open();
    const items = [after(3, 'a'), after(1, 'b'), after(2, 'c')];
    assert.deepEqual(await loop.run(() => gather(loop, items)), ['a', 'b', 'c']);
  });

  add('of nothing is done at once, with an empty list', async (kit) => {
    const loop = await kit.open();
    const nothing = gather(loop, []);
    assert.equal(nothing.done, true);
    assert.deepEqual(nothing.result(), []);
    assert.equal(nothing.cancel(), false);
  });

  add('takes futures, tasks, coroutines, async and plain functions together', async (kit) => {
    const loop = await kit.open();
    const future = loop.future<number>();
    const done = loop.future<number>();
    done.setResult(2);
    loop.callLater(1, () => future.setResult(1));
    const results = await loop.run(() =>
      gather(loop, [
        future,
        done,
        loop.spawn(after(1, 3)),
        after(2, 4),
        async () => {
          await loop.io.sleep(1);
          return 5;
        },
        () => 6,
      ]),
    );
    assert.deepEqual(results, [1, 2, 3, 4, 5, 6]);
  });

  add('takes the same future twice, and runs the same job twice', async (kit) => {
    const loop = await kit.open();
    let runs = 0;
    const job = (): number => ++runs;
    const task = loop.spawn(job);
    assert.deepEqual(await loop.run(() => gather(loop, [task, job, task, job])), [1, 2, 1, 3]);
  });

  add('can be awaited', async (kit) => {
    const loop = await kit.open();
    const results = await loop.run(async () => await gather(loop, [after(1, 1), () => 2]));
    assert.deepEqual(results, [1, 2]);
  });

  add('runs the items at the same time', async (kit) => {
    const loop = await kit.open();
    const [left, right] = [loop.future<string>(), loop.future<string>()];
    const swap = (mine: Future<string>, other: Future<string>, value: string) =>
      function* (): Coroutine<string> {
        mine.setResult(value);
        return yield* other;
      };
    const results = await loop.run(() =>
      gather(loop, [swap(left, right, 'left'), swap(right, left, 'right')]),
    );
    assert.deepEqual(results, ['right', 'left']);
  });

  add('an item that is cancelled raises CancelledError, and the others go on', async (kit) => {
    const loop = await kit.open();
    const [gone, stays] = [loop.spawn(asleep), loop.spawn(after(3, 'stayed'))];
    await loop.run(function* () {
      const all = gather(loop, [gone, stays]);
      yield;
      gone.cancel('enough');
      const error = yield* outcomeOf(all);
      assert.ok(error instanceof CancelledError);
      assert.equal(error.message, 'enough');
      assert.equal(yield* stays, 'stayed');
    });
  });

  add('cancelling it cancels every item, and waits for their clean-up', async (kit) => {
    const loop = await kit.open();
    const log: string[] = [];
    const future = loop.future<void>();
    await loop.run(function* () {
      const all = gather(loop, [careful(log, 'a'), () => 'done', careful(log, 'b'), future]);
      yield* turns(3);
      assert.equal(all.cancel('enough'), true);
      assert.equal(all.done, false, 'clean-up is part of the wait');
      const error = yield* outcomeOf(all);
      assert.ok(error instanceof CancelledError);
      assert.equal(error.message, 'enough');
      assert.deepEqual(log.toSorted(), ['a cleaned up', 'b cleaned up']);
      assert.equal(all.cancelled, true);
      assert.equal(future.cancelled, true);
    });
  });

  add('cancelling the task that waits for it does the same', async (kit) => {
    const loop = await kit.open();
    const log: string[] = [];
    await loop.run(function* () {
      const task = loop.spawn(function* () {
        try {
          yield* gather(loop, [careful(log, 'a'), careful(log, 'b')]);
        } finally {
          log.push('the task');
        }
      });
      yield* turns(3);
      task.cancel();
      yield* outcomeOf(task);
      assert.equal(task.cancelled, true);
    });
    assert.deepEqual(log.toSorted(), ['a cleaned up', 'b cleaned up', 'the task']);
    assert.equal(log[2], 'the task');
  });

  add('cancelled, it is cancelled, though an item declines and another fails', async (kit) => {
    const loop = await kit.open();
    await loop.run(function* () {
      const declines = function* (): Coroutine<string> {
        yield* outcomeOf(loop.io.sleep(60_000));
        return 'declined';
      };
      const fails = function* (): Coroutine<never> {
        yield* outcomeOf(loop.io.sleep(60_000));
        throw new Error('in clean-up');
      };
      const all = gather(loop, [declines, fails]);
      yield* turns(2);
      all.cancel();
      assert.ok((yield* outcomeOf(all)) instanceof CancelledError);
    });
  });

  add('gathers of gathers', async (kit) => {
    const loop = await kit.open();
    const inner = (n: number): Future<number[]> => gather(loop, [after(2, n), after(1, n + 1)]);
    assert.deepEqual(await loop.run(() => gather(loop, [inner(1), inner(3)])), [
      [1, 2],
      [3, 4],
    ]);
  });

  add('of a thousand items', async (kit) => {
    const loop = await kit.open();
    const numbers = Array.from({ length: 1000 }, (_, i) => i);
    const jobs = numbers.map((n) => after(n % 3, n));
    assert.deepEqual(await loop.run(() => gather(loop, jobs)), numbers);
  });

  add('what is none of these is refused, quoted, before any item is begun', async (kit) => {
    const loop = await kit.open();
    let ran = false;
    const good = (): void => void (ran = true);
    for (const bad of [Promise.resolve(1), 5, null, undefined, 'job']) {
      const error = thrownBy(() => gather(loop, [good, bad as never]));
      assert.ok(error instanceof InvalidArgumentError);
      assert.match(
        error.message,
        /^gather\(\) takes futures, tasks and jobs, but got .+: pass a job/,
      );
    }
    await loop.run(() => turns(2));
    assert.equal(ran, false);
  });
});
