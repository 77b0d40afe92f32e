/** gather: the first error is raised, or all errors are returned. None is lost. */
import assert from 'node:assert/strict';
import { gather } from '../loop/combine.js';
import { CancelledError } from '../loop/errors.js';
import type { Future } from '../loop/future.js';
import { group } from './case.js';
import { after, asleep, failAfter, outcomeOf, rejectionOf, turns } from './helpers.js';

export const gatherErrors = group('gather and errors', (add) => {
  add('raises the first error at once, and the others go on', async (kit) => {
    const loop = await kit.open();
    const error = new Error('mine');
    const slow = loop.spawn(after(5, 'finished'));
    await loop.run(function* () {
      assert.equal(yield* outcomeOf(gather(loop, [slow, failAfter(1, error)])), error);
      assert.equal(slow.done, false);
      assert.equal(yield* slow, 'finished');
    });
  });

  add('raises the error that comes first, not the one that stands first', async (kit) => {
    const loop = await kit.open();
    const [late, early] = [new Error('late'), new Error('early')];
    const items = [loop.spawn(failAfter(3, late)), loop.spawn(failAfter(1, early))];
    await loop.run(function* () {
      assert.equal(yield* outcomeOf(gather(loop, items)), early);
      assert.equal(yield* outcomeOf(items[0] as Future<never>), late);
    });
  });

  add('an error that comes after the first one is not reported as unseen', async (kit) => {
    const loop = await kit.open();
    const error = new Error('mine');
    const second = loop.spawn(failAfter(2, new Error('second')));
    await loop.run(function* () {
      assert.equal(yield* outcomeOf(gather(loop, [failAfter(1, error), second])), error);
      while (!second.done) yield* loop.io.sleep(1);
    });
    assert.deepEqual((await kit.close(loop)).failures, []);
  });

  add(
    'an error is reported where nobody waits for it, unless somebody looks later',
    async (kit) => {
      const loop = await kit.open();
      const error = new Error('mine');
      const [seen, unseen] = ['seen', 'unseen'].map((name) => {
        const item = loop.spawn(failAfter(1, error), { name });
        return gather(loop, [item, gather(loop, [item])]);
      });
      await loop.run(() => turns(8));
      assert.equal(unseen?.done, true);
      assert.equal(seen?.error(), error);
      assert.deepEqual((await kit.close(loop)).failures, [{ name: 'unseen', error }]);
    },
  );

  add('an item that has failed already is raised', async (kit) => {
    const loop = await kit.open();
    const failed = loop.future<number>();
    failed.setError(new RangeError('before'));
    const error = await rejectionOf(loop.run(() => gather(loop, [after(1, 1), failed])));
    assert.ok(error instanceof RangeError);
    await loop.run(() => loop.io.sleep(2));
  });

  add('returnErrors: errors stand in the place of results, once all are done', async (kit) => {
    const loop = await kit.open();
    const [error, other] = [new Error('mine'), new Error('other')];
    const items = [failAfter(1, error), after(3, 'value'), failAfter(2, other)] as const;
    const results = await loop.run(() => gather(loop, items, { returnErrors: true }));
    assert.deepEqual(results, [error, 'value', other]);
  });

  add('returnErrors: a cancelled item gives its CancelledError', async (kit) => {
    const loop = await kit.open();
    const cancelled = loop.spawn(asleep);
    const results = await loop.run(function* () {
      const all = gather(loop, [cancelled, () => 'value'], { returnErrors: true });
      yield;
      cancelled.cancel('enough');
      return yield* all;
    });
    assert.ok((results[0] as unknown) instanceof CancelledError);
    assert.equal(results[1], 'value');
  });
});
