/** The difference between a policy that runs submitted jobs on other threads and one that does not. */
import assert from 'node:assert/strict';
import { JobCloneError, LoopdynoError } from '../loop/errors.js';
import { group } from './case.js';
import { turns } from './helpers.js';
import * as jobs from './jobs.js';

export const parallel = group('parallel', (add) => {
  add(
    'parallel: jobs run on other threads, or in other processes',
    { parallel: true },
    async (kit) => {
      const loop = await kit.open();
      assert.ok(loop.parallelism >= 1);
      assert.notEqual(await loop.run(() => loop.submit(jobs.place, null)), jobs.whereabouts());
    },
  );

  add('parallel: input and result are copies', { parallel: true }, async (kit) => {
    const loop = await kit.open();
    const input = { changed: false };
    const result = await loop.run(() => loop.submit(jobs.change, input));
    assert.deepEqual(result, { changed: true });
    assert.deepEqual(input, { changed: false });
  });

  add(
    'parallel: input or a result that cannot be copied is a JobCloneError',
    { parallel: true },
    async (kit) => {
      const loop = await kit.open();
      const outcomes = await loop.run(function* () {
        yield* turns(1);
        const tasks = [loop.submit(jobs.echo, () => 1), loop.submit(jobs.giveFunction, null)];
        const errors: unknown[] = [];
        for (const task of tasks) {
          try {
            yield* task as (typeof tasks)[0];
          } catch (error) {
            errors.push(error);
          }
        }
        return errors;
      });
      assert.equal(outcomes.length, 2);
      for (const error of outcomes) {
        assert.ok(error instanceof JobCloneError, String(error));
        assert.ok(error instanceof LoopdynoError);
      }
      assert.equal(await loop.run(() => loop.submit(jobs.square, 5)), 25, 'the loop goes on');
    },
  );

  add(
    'not parallel: jobs run on this thread, and the input is handed over',
    { parallel: false },
    async (kit) => {
      const loop = await kit.open();
      assert.equal(loop.parallelism, 1);
      assert.equal(await loop.run(() => loop.submit(jobs.place, null)), jobs.whereabouts());
      const input = { changed: false };
      assert.equal(await loop.run(() => loop.submit(jobs.change, input)), input);
      assert.equal(input.changed, true);
    },
  );
});
