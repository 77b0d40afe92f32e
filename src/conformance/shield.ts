/** shield: cancelling the wait does not reach the item. */
import assert from 'node:assert/strict';
import { CancelledError, TimeoutError } from '../loop/errors.js';
import { shield, timeout } from '../loop/timeout.js';
import { group } from './case.js';
import { after, asleep, failAfter, outcomeOf, turns } from './helpers.js';

export const shielding = group('shield', (add) => {
  add('gives the result, the error or the cancellation of the item', async (kit) => {
    const loop = await kit.open();
    const error = new Error('mine');
    const gone = loop.spawn(asleep);
    await loop.run(function* () {
      assert.equal(yield* shield(loop, after(1, 'value')), 'value');
      assert.equal(yield* outcomeOf(shield(loop, failAfter(1, error))), error);
      const shielded = shield(loop, gone);
      gone.cancel();
      assert.ok((yield* outcomeOf(shielded)) instanceof CancelledError);
      assert.equal(shielded.cancelled, true);
      const done = loop.future<number>();
      done.setResult(5);
      assert.equal(shield(loop, done).result(), 5);
    });
  });

  add('cancelling the wait leaves the item alone', async (kit) => {
    const loop = await kit.open();
    const item = loop.spawn(after(4, 'value'));
    await loop.run(function* () {
      const task = loop.spawn(() => shield(loop, item));
      yield* turns(2);
      task.cancel('enough');
      const error = yield* outcomeOf(task);
      assert.ok(error instanceof CancelledError);
      assert.equal(error.message, 'enough');
      assert.equal(item.done, false);
      assert.equal(yield* item, 'value');
    });
  });

  add('an error that comes after the wait was cancelled is reported', async (kit) => {
    const loop = await kit.open();
    const error = new Error('mine');
    const item = loop.spawn(failAfter(3, error), { name: 'shielded' });
    await loop.run(function* () {
      shield(loop, item).cancel();
      while (!item.done) yield* loop.io.sleep(1);
    });
    assert.deepEqual((await kit.close(loop)).failures, [{ name: 'shielded', error }]);
  });

  add(
    'an error is reported where nobody waits for it, unless somebody looks later',
    async (kit) => {
      const loop = await kit.open();
      const error = new Error('mine');
      const [seen, unseen] = ['seen', 'unseen'].map((name) => {
        const item = loop.spawn(failAfter(1, error), { name });
        return shield(loop, item);
      });
      await loop.run(() => turns(8));
      assert.equal(unseen?.done, true);
      assert.equal(seen?.error(), error);
      assert.deepEqual((await kit.close(loop)).failures, [{ name: 'unseen', error }]);
    },
  );

  add('under a timeout: the wait is late, the item goes on', async (kit) => {
    const loop = await kit.open();
    const item = loop.future<string>();
    await loop.run(function* () {
      const error = yield* outcomeOf(timeout(loop, 2, shield(loop, item)));
      assert.ok(error instanceof TimeoutError);
      item.setResult('value');
      assert.equal(yield* item, 'value');
    });
  });
});
