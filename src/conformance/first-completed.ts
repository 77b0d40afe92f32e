/** firstCompleted: the first n results. The others are cancelled, and have cleaned up. */
import assert from 'node:assert/strict';
import { firstCompleted } from '../loop/combine.js';
import { CancelledError, InvalidArgumentError } from '../loop/errors.js';
import type { Coroutine, Job } from '../loop/policy.js';
import { group } from './case.js';
import { after, asleep, careful, failAfter, outcomeOf, thrownBy, turns } from './helpers.js';

export const first = group('firstCompleted', (add) => {
  add('gives the first result, and cancels the others', async (kit) => {
    const loop = await kit.open();
    const slow = loop.spawn(asleep);
    const results = await loop.run(() => firstCompleted(loop, [slow, after(1, 'fast')]));
    assert.deepEqual(results, ['fast']);
    assert.equal(slow.cancelled, true);
  });

  add('n: so many, in the order in which they came', async (kit) => {
    const loop = await kit.open();
    const slow = loop.spawn(asleep);
    const items = [after(3, 'b'), slow, after(1, 'a')];
    assert.deepEqual(await loop.run(() => firstCompleted(loop, items, 2)), ['a', 'b']);
    assert.equal(slow.cancelled, true);
  });

  add('n: as many as there are', async (kit) => {
    const loop = await kit.open();
    const results = await loop.run(() => firstCompleted(loop, [after(2, 'b'), () => 'a'], 2));
    assert.deepEqual(results, ['a', 'b']);
  });

  add('the others have cleaned up when it is done, though that waits', async (kit) => {
    const loop = await kit.open();
    const log: string[] = [];
    const items = [careful(log, 'a'), after(1, 'fast'), careful(log, 'b')];
    await loop.run(function* () {
      assert.deepEqual(yield* firstCompleted<string>(loop, items), ['fast']);
      assert.deepEqual(log.toSorted(), ['a cleaned up', 'b cleaned up']);
    });
  });

  add('an error is raised, after the others have cleaned up', async (kit) => {
    const loop = await kit.open();
    const log: string[] = [];
    const error = new Error('mine');
    const items = [careful(log), failAfter(1, error)];
    await loop.run(function* () {
      assert.equal(yield* outcomeOf(firstCompleted(loop, items)), error);
      assert.deepEqual(log, ['it cleaned up']);
    });
  });

  add('an error of a clean-up, after the first n, does not count, and is told', async (kit) => {
    const loop = await kit.open();
    const error = new Error('in clean-up');
    const failing: Job<string> = function* () {
      yield* outcomeOf(loop.io.sleep(60_000));
      throw error;
    };
    const fails = loop.spawn(failing, { name: 'loser' });
    const items = [fails, after(1, 'value')];
    assert.deepEqual(await loop.run(() => firstCompleted<string>(loop, items)), ['value']);
    assert.deepEqual((await kit.close(loop)).failures, [{ name: 'loser', error }]);
  });

  add('ignoreErrors: nor is an error of a clean-up told', async (kit) => {
    const loop = await kit.open();
    const failing: Job<string> = function* () {
      yield* outcomeOf(loop.io.sleep(60_000));
      throw new Error('in clean-up');
    };
    const items = [failing, after(1, 'value')];
    const options = { ignoreErrors: true };
    assert.deepEqual(await loop.run(() => firstCompleted(loop, items, 1, options)), ['value']);
  });

  add('ignoreErrors: only results count', async (kit) => {
    const loop = await kit.open();
    const items = [failAfter(1, new Error('mine')), after(4, 'b'), after(2, 'a')];
    const results = await loop.run(() =>
      firstCompleted<string>(loop, items, 2, { ignoreErrors: true }),
    );
    assert.deepEqual(results, ['a', 'b']);
  });

  add('ignoreErrors: a cancelled item does not count either', async (kit) => {
    const loop = await kit.open();
    const gone = loop.spawn(asleep);
    await loop.run(function* () {
      const race = firstCompleted(loop, [gone, after(4, 'value')], 1, { ignoreErrors: true });
      yield* turns(2);
      gone.cancel();
      assert.deepEqual(yield* race, ['value']);
    });
  });

  add('ignoreErrors: too few results raise every error', async (kit) => {
    const loop = await kit.open();
    const errors = [new Error('one'), new Error('two')] as const;
    const items = [failAfter(3, errors[1]), after(2, 'value'), failAfter(1, errors[0])];
    await loop.run(function* () {
      const error = yield* outcomeOf(
        firstCompleted<string>(loop, items, 2, { ignoreErrors: true }),
      );
      assert.ok(error instanceof AggregateError);
      assert.deepEqual(error.errors, errors);
      assert.match(error.message, /1 of the 2 results asked for came, 2 items failed/);
    });
  });

  add('cancelling it cancels all, and waits for their clean-up', async (kit) => {
    const loop = await kit.open();
    const log: string[] = [];
    await loop.run(function* () {
      const race = firstCompleted(loop, [careful(log, 'a'), careful(log, 'b')]);
      yield* turns(4);
      race.cancel('enough');
      const error = yield* outcomeOf(race);
      assert.ok(error instanceof CancelledError);
      assert.equal(error.message, 'enough');
      assert.deepEqual(log.toSorted(), ['a cleaned up', 'b cleaned up']);
    });
  });

  add('cancelled before its first step, its items are cancelled all the same', async (kit) => {
    const loop = await kit.open();
    const passed = loop.spawn(asleep);
    await loop.run(function* () {
      let ran = false;
      const job = function* (): Coroutine<number> {
        ran = true;
        yield* loop.io.sleep(60_000);
        return 0;
      };
      const race = firstCompleted(loop, [passed, job]);
      race.cancel();
      assert.ok((yield* outcomeOf(race)) instanceof CancelledError);
      yield* turns(3);
      assert.equal(passed.cancelled, true);
      assert.equal(ran, false);
    });
  });

  add(
    'ignoreErrors: its own cancellation is no error of an item that has just come',
    async (kit) => {
      const loop = await kit.open();
      for (const settle of ['setResult', 'setError'] as const) {
        const [one, other] = [loop.future<unknown>(), loop.future<unknown>()];
        await loop.run(function* () {
          const race = firstCompleted(loop, [one, other], 2, { ignoreErrors: true });
          yield* turns(2);
          one[settle](new Error('just now'));
          race.cancel(); // it is about to take the outcome
          yield* turns(4);
          assert.equal(race.cancelled, true);
          assert.equal(other.cancelled, true);
        });
      }
    },
  );

  add('refuses an n that cannot be, before any item is begun or cancelled', async (kit) => {
    const loop = await kit.open();
    const future = loop.future<number>();
    let ran = false;
    const job = (): number => Number((ran = true));
    for (const n of [0, -1, 3, 1.5, Number.NaN, '1' as never]) {
      const error = thrownBy(() => firstCompleted(loop, [future, job], n));
      assert.ok(error instanceof InvalidArgumentError);
      assert.match(error.message, /n is a whole number from 1 to the number of items, 2, but got/);
    }
    assert.ok(thrownBy(() => firstCompleted(loop, [])) instanceof InvalidArgumentError);
    await loop.run(() => turns(2));
    assert.equal(future.cancelled, false);
    assert.equal(ran, false);
  });
});
