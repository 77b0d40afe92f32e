/** asCompleted: one future per item, in the order in which the items complete. */
import assert from 'node:assert/strict';
import { asCompleted } from '../loop/combine.js';
import {
  CancelledError,
  InvalidArgumentError,
  InvalidDelayError,
  TimeoutError,
} from '../loop/errors.js';
import type { Future } from '../loop/future.js';
import { group } from './case.js';
import { after, asleep, failAfter, outcomeOf, thrownBy, turns } from './helpers.js';

export const completing = group('asCompleted', (add) => {
  add('gives the results as they come', async (kit) => {
    const loop = await kit.open();
    const seen = await loop.run(function* () {
      const values: string[] = [];
      for (const next of asCompleted(loop, [after(3, 'c'), after(1, 'a'), after(2, 'b')])) {
        values.push(yield* next);
      }
      return values;
    });
    assert.deepEqual(seen, ['a', 'b', 'c']);
  });

  add('an error comes in its place, and the others follow', async (kit) => {
    const loop = await kit.open();
    const error = new Error('mine');
    const gone = loop.spawn(asleep);
    const seen = await loop.run(function* () {
      const outcomes: unknown[] = [];
      loop.spawn(after(3, null)).onDone(() => gone.cancel());
      for (const next of asCompleted(loop, [
        after(4, 'z'),
        gone,
        failAfter(2, error),
        after(1, 'a'),
      ]))
        outcomes.push(yield* outcomeOf<unknown>(next));
      return outcomes;
    });
    assert.deepEqual([seen[0], seen[1], seen[3]], ['a', error, 'z']);
    assert.ok(seen[2] instanceof CancelledError);
  });

  add('what is done already comes first, and nothing gives an empty list', async (kit) => {
    const loop = await kit.open();
    assert.deepEqual(asCompleted(loop, []), []);
    const [pending, done] = [loop.future<string>(), loop.future<string>()];
    done.setResult('done');
    const [first, second] = asCompleted(loop, [pending, done]);
    assert.equal(first?.result(), 'done');
    assert.equal(second?.done, false);
    pending.setResult('then');
    assert.equal(second?.result(), 'then');
  });

  add('timeout: what is late fails with TimeoutError, and goes on', async (kit) => {
    const loop = await kit.open();
    const slow = loop.future<string>();
    const ready = loop.future<string>();
    ready.setResult('in time');
    await loop.run(function* () {
      const [first, second, third] = asCompleted(loop, [slow, ready, slow], {
        timeout: 3,
      }) as [Future<string>, Future<string>, Future<string>];
      assert.equal(yield* first, 'in time');
      for (const late of [second, third]) {
        const error = yield* outcomeOf(late);
        assert.ok(error instanceof TimeoutError);
        assert.match(error.message, /asCompleted\(\): 2 items took longer than 3 ms/);
      }
      assert.equal(slow.done, false);
    });
  });

  add('timeout: one that is not needed leaves no timer', { step: true }, async (kit) => {
    const loop = await kit.open();
    await loop.run(function* () {
      for (const next of asCompleted(loop, [after(1, 1), () => 2], { timeout: 60_000 }))
        yield* next;
    });
    assert.equal(loop.runOnce(), false);
  });

  add('a place that is cancelled loses no result: it goes to the next place', async (kit) => {
    const loop = await kit.open();
    await loop.run(function* () {
      const [first, second] = asCompleted(loop, [after(3, 'a'), after(5, 'b')]) as [
        Future<string>,
        Future<string>,
      ];
      const reader = loop.spawn(() => first);
      yield* turns(2);
      reader.cancel();
      assert.equal(yield* second, 'a');
    });
    await loop.run(() => turns(10));
  });

  add('refuses a bad timeout and what is no item', async (kit) => {
    const loop = await kit.open();
    const timeout = thrownBy(() => asCompleted(loop, [() => 1], { timeout: -2 }));
    assert.ok(timeout instanceof InvalidDelayError);
    assert.match(timeout.message, /the timeout of asCompleted .*got -2/);
    const item = thrownBy(() => asCompleted(loop, [7 as never]));
    assert.ok(item instanceof InvalidArgumentError);
    assert.match(item.message, /^asCompleted\(\) takes futures, tasks and jobs, but got 7/);
  });
});
