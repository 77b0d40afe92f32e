/** wait: which items are done and which are not. It raises nothing and cancels nothing. */
import assert from 'node:assert/strict';
import { wait, type Waited } from '../loop/combine.js';
import { InvalidArgumentError, InvalidDelayError } from '../loop/errors.js';
import type { Future } from '../loop/future.js';
import { group } from './case.js';
import { after, asleep, failAfter, outcomeOf, thrownBy, turns } from './helpers.js';

/** The numbers of the items that are done, and of those that are not. */
function places(items: readonly Future<unknown>[], { done, pending }: Waited<unknown>): number[][] {
  return [done, pending].map((set) =>
    [...set].map((one) => items.indexOf(one)).toSorted((a, b) => a - b),
  );
}

export const waitingForMany = group('wait', (add) => {
  add('all: until every item is done, errors and cancellations too', async (kit) => {
    const loop = await kit.open();
    const items = [after(2, 1), failAfter(1, new Error('mine')), asleep].map((job) =>
      loop.spawn(job),
    );
    await loop.run(function* () {
      const waiting = wait(loop, items);
      yield;
      items[2]?.cancel();
      assert.deepEqual(places(items, yield* waiting), [[0, 1, 2], []]);
      assert.equal(items[0]?.result(), 1);
      assert.match(String(items[1]?.error()), /mine/);
      assert.equal(items[2]?.cancelled, true);
    });
  });

  add('first: until one is done, and the others go on', async (kit) => {
    const loop = await kit.open();
    const items = [after(5, 'a'), after(1, 'b'), after(6, 'c')].map((job) => loop.spawn(job));
    await loop.run(function* () {
      const waited = yield* wait(loop, items, { until: 'first' });
      assert.deepEqual(places(items, waited), [[1], [0, 2]]);
      assert.deepEqual(places(items, yield* wait(loop, items)), [[0, 1, 2], []]);
    });
  });

  add('first: an error is a completion, and is not raised', async (kit) => {
    const loop = await kit.open();
    const error = new Error('mine');
    const items = [loop.spawn(after(4, 0)), loop.spawn(failAfter(1, error))];
    await loop.run(function* () {
      const waited = yield* wait(loop, items, { until: 'first' });
      assert.deepEqual(places(items, waited), [[1], [0]]);
      assert.equal(items[1]?.error(), error);
      yield* wait(loop, items);
    });
  });

  add('firstError: results do not end it, nor does a cancelled item, but an error', async (kit) => {
    const loop = await kit.open();
    const error = new Error('mine');
    const jobs = [after(1, 1), asleep, failAfter(3, error), after(10, 4)];
    const items = jobs.map((job) => loop.spawn(job));
    await loop.run(function* () {
      loop.spawn(after(1, null)).onDone(() => items[1]?.cancel());
      const waited = yield* wait(loop, items, { until: 'firstError' });
      assert.deepEqual(places(items, waited), [[0, 1, 2], [3]]);
      assert.equal(items[2]?.error(), error);
      yield* wait(loop, items);
    });
  });

  add('firstError: without an error, until all are done', async (kit) => {
    const loop = await kit.open();
    const items = [loop.spawn(after(2, 1)), loop.spawn(after(1, 2))];
    const waited = await loop.run(() => wait(loop, items, { until: 'firstError' }));
    assert.deepEqual(places(items, waited), [[0, 1], []]);
  });

  add('items that are done already: at once', async (kit) => {
    const loop = await kit.open();
    const [ready, never] = [loop.future<number>(), loop.future<number>()];
    ready.setResult(1);
    assert.equal(wait(loop, [ready]).done, true);
    const first = wait(loop, [never, ready], { until: 'first' });
    assert.deepEqual(places([ready, never], first.result()), [[0], [1]]);
  });

  add('timeout: gives back what is done and what is pending, and cancels nothing', async (kit) => {
    const loop = await kit.open();
    const late = loop.future<number>();
    const items = [loop.spawn(after(1, 1)), late];
    await loop.run(function* () {
      yield* items[0] as Future<number>;
      const waited = yield* wait(loop, items, { timeout: 3 });
      assert.deepEqual(places(items, waited), [[0], [1]]);
      late.setResult(2);
      assert.equal(yield* items[1] as Future<number>, 2);
    });
  });

  add('timeout: zero looks without waiting', async (kit) => {
    const loop = await kit.open();
    const never = loop.future<number>();
    const waited = await loop.run(() => wait(loop, [never, () => 1], { timeout: 0 }));
    assert.equal(waited.pending.has(never), true);
  });

  add('timeout: one that is not needed does not keep anything waiting', async (kit) => {
    const loop = await kit.open();
    const start = loop.now();
    await loop.run(() => wait(loop, [after(1, 1)], { timeout: 60_000 }));
    if (kit.policy.capabilities.step) assert.equal(loop.runOnce(), false, 'no timer is left');
    assert.ok(loop.now() - start < 10_000);
  });

  add('cancelling the wait leaves the items alone', async (kit) => {
    const loop = await kit.open();
    const item = loop.spawn(after(4, 'value'));
    await loop.run(function* () {
      const task = loop.spawn(() => wait(loop, [item], { timeout: 60_000 }));
      yield* turns(2);
      task.cancel();
      yield* outcomeOf(task);
      assert.equal(task.cancelled, true);
      assert.equal(item.done, false);
      assert.equal(yield* item, 'value');
    });
  });

  add('duplicates count once', async (kit) => {
    const loop = await kit.open();
    const one = loop.spawn(after(1, 1));
    const { done, pending } = await loop.run(() => wait(loop, [one, one, one]));
    assert.deepEqual([done.size, pending.size], [1, 0]);
  });

  add('takes jobs, and any iterable', async (kit) => {
    const loop = await kit.open();
    const { done } = await loop.run(() => wait(loop, new Set([after(1, 'a'), after(2, 'b')])));
    assert.deepEqual(Array.from(done, (one) => one.result()).toSorted(), ['a', 'b']);
  });

  add('an error that nobody looked at is reported: waiting is not looking', async (kit) => {
    const loop = await kit.open();
    const error = new Error('mine');
    const [seen, unseen] = [failAfter(1, error), failAfter(1, error)].map((job, i) =>
      loop.spawn(job, { name: i === 0 ? 'seen' : 'unseen' }),
    );
    await loop.run(() => wait(loop, [seen as Future<never>, unseen as Future<never>]));
    assert.equal(seen?.error(), error);
    const { failures } = await kit.close(loop);
    assert.deepEqual(failures, [{ name: 'unseen', error }]);
  });

  add('refuses nothing, a bad `until`, a bad timeout and what is no item', async (kit) => {
    const loop = await kit.open();
    const item = loop.future<void>();
    const empty = thrownBy(() => wait(loop, []));
    assert.ok(empty instanceof InvalidArgumentError);
    assert.match(empty.message, /nothing to wait for: pass at least one item/);
    const until = thrownBy(() => wait(loop, [item], { until: 'second' as never }));
    assert.ok(until instanceof InvalidArgumentError);
    assert.match(until.message, /'all', 'first' or 'firstError', but got 'second'/);
    for (const timeout of [-1, Number.NaN]) {
      const error = thrownBy(() => wait(loop, [item], { timeout }));
      assert.ok(error instanceof InvalidDelayError);
      assert.match(error.message, /^the timeout of wait takes milliseconds.*got (-1|NaN)/);
    }
    const what = thrownBy(() => wait(loop, [item, Promise.resolve() as never]));
    assert.ok(what instanceof InvalidArgumentError);
  });
});
