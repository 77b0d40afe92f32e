/** Portable jobs: they run wherever the policy executes, and always settle. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { CancelledError, InvalidJobError, JobModuleError } from '../loop/errors.js';
import type { PortableJob } from '../loop/policy.js';
import { group } from './case.js';
import { rejectionOf, settle } from './helpers.js';
import * as jobs from './jobs.js';

export const submit = group('submit', (add) => {
  add('gives the result of a plain job, an async one and a coroutine', async (kit) => {
    const loop = await kit.open();
    const results = await loop.run(function* () {
      const submitted = [
        loop.submit(jobs.square, 7),
        loop.submit(jobs.doubleAsync, 7),
        loop.submit(jobs.sleepThen, { ms: 1, value: 7 }),
      ];
      const found: unknown[] = [];
      for (const task of submitted) found.push(yield* task as (typeof submitted)[0]);
      return found;
    });
    assert.deepEqual(results, [49, 14, 7]);
  });

  add('does not begin at once', async (kit) => {
    const loop = await kit.open();
    const input = { changed: false };
    const task = loop.submit(jobs.change, input);
    assert.equal(input.changed, false);
    assert.equal(task.done, false);
    await loop.run(() => task);
  });

  add("a job's loop reads files", async (kit) => {
    const loop = await kit.open();
    const path = await kit.path('file');
    await writeFile(path, 'twelve bytes');
    assert.equal(await loop.run(() => loop.submit(jobs.sizeOf, path)), 12);
  });

  add("an error keeps its name and message, and Node's code and path", async (kit) => {
    const loop = await kit.open();
    const missing = await kit.path('missing');
    const typed = await rejectionOf(loop.run(() => loop.submit(jobs.fail, 'at once')));
    assert.ok(typed instanceof Error);
    assert.deepEqual([typed.name, typed.message], ['TypeError', 'at once']);
    const later = await rejectionOf(loop.run(() => loop.submit(jobs.failLater, 'later')));
    assert.ok(later instanceof Error);
    assert.deepEqual([later.name, later.message], ['RangeError', 'later']);
    const system = await rejectionOf(loop.run(() => loop.submit(jobs.sizeOf, missing)));
    assert.ok(system instanceof Error);
    const { code, path } = system as NodeJS.ErrnoException;
    assert.deepEqual([code, path], ['ENOENT', missing]);
  });

  add('data of every kind arrives and returns as it was', async (kit) => {
    const loop = await kit.open();
    const data = {
      nothing: undefined,
      list: [1, null, 'ü', 1n, NaN],
      map: new Map([[{ key: 1 }, new Set(['x'])]]),
      date: new Date(86_400_000),
      bytes: new Uint8Array([0, 255, 7]),
    };
    for (const value of [undefined, null, 0, '', false, data]) {
      assert.deepEqual(await loop.run(() => loop.submit(jobs.echo, value)), value);
    }
  });

  add('two hundred at once give each its own result', async (kit) => {
    const loop = await kit.open();
    const sum = await loop.run(function* () {
      const all = Array.from({ length: 200 }, (_, i) => loop.submit(jobs.square, i));
      let total = 0;
      for (const [i, task] of all.entries()) {
        assert.equal(yield* task, i * i);
        total += task.result();
      }
      return total;
    });
    assert.equal(sum, 2_646_700);
  });

  add('one that fails leaves the others alone', async (kit) => {
    const loop = await kit.open();
    const outcomes = await loop.run(() =>
      Promise.allSettled(
        Array.from({ length: 20 }, (_, i) =>
          i % 4 === 0 ? loop.submit(jobs.fail, `job ${i}`) : loop.submit(jobs.square, i),
        ),
      ),
    );
    for (const [i, outcome] of outcomes.entries()) {
      if (outcome.status === 'fulfilled') assert.equal(outcome.value, i * i);
      else assert.equal((outcome.reason as Error).message, `job ${i}`);
      assert.equal(outcome.status === 'rejected', i % 4 === 0, `job ${i}`);
    }
  });

  add('a job that is only named is imported', async (kit) => {
    const loop = await kit.open();
    const { module } = jobs.square;
    const named: PortableJob<number, number> = { module, export: 'square' };
    assert.equal(await loop.run(() => loop.submit(named, 9)), 81);
    const coroutine: PortableJob<unknown, string> = { module, export: 'sleepThen' };
    assert.equal(await loop.run(() => loop.submit(coroutine, { ms: 1, value: 'late' })), 'late');
  });

  add('a module or an export that is missing is a JobModuleError', async (kit) => {
    const loop = await kit.open();
    const { module } = jobs.square;
    const broken: PortableJob[] = [
      { module: new URL('./no-such-module.js', module).href, export: 'square' },
      { module, export: 'noSuchExport' },
      { module, export: 'notAJob' },
    ];
    for (const job of broken) {
      const error = await rejectionOf(loop.run(() => loop.submit(job, 1)));
      assert.ok(error instanceof JobModuleError, String(error));
      assert.match(error.message, /no-such-module|noSuchExport|notAJob/, 'it names the culprit');
    }
    assert.equal(await loop.run(() => loop.submit(jobs.square, 3)), 9, 'the loop goes on');
  });

  add('what is no portable job is refused at once', async (kit) => {
    const loop = await kit.open();
    for (const wrong of [undefined, null, 5, () => 1, {}, { module: 'x' }, { export: 'x' }]) {
      const call = (): unknown => loop.submit(wrong as never, 1);
      assert.throws(call, (error: Error) => error instanceof InvalidJobError);
    }
  });

  add('a task has its name, or else the name of its export', async (kit) => {
    const loop = await kit.open();
    const [one, other] = [
      loop.submit(jobs.square, 1),
      loop.submit(jobs.square, 1, { name: 'mine' }),
    ];
    assert.deepEqual([one.name, other.name], ['square', 'mine']);
    await loop.run(() => one);
    await loop.run(() => other);
  });

  add('one that is cancelled as it waits its turn leaves the others alone', async (kit) => {
    const loop = await kit.open();
    await loop.run(function* () {
      const count = loop.parallelism * 2 + 4;
      const all = Array.from({ length: count }, (_, value) =>
        loop.submit(jobs.sleepThen, { ms: 5, value }),
      );
      const last = all.pop();
      assert.equal(last?.cancel(), true);
      for (const [i, task] of all.entries()) assert.equal(yield* task, i);
      assert.equal(last?.cancelled, true);
    });
  });

  add('one that is cancelled as it runs is cancelled soon, and the loop goes on', async (kit) => {
    const loop = await kit.open();
    await loop.run(function* () {
      const task = loop.submit(jobs.sleepThen, { ms: 60_000, value: 1 });
      yield* loop.io.sleep(5);
      assert.equal(task.cancel('enough'), true);
      try {
        yield* task;
        assert.fail('it was cancelled');
      } catch (error) {
        assert.ok(error instanceof CancelledError, String(error));
      }
      assert.equal(yield* loop.submit(jobs.square, 4), 16);
    });
  });

  add('closing with jobs in flight settles every one, and reports them', async (kit) => {
    const loop = await kit.open();
    const count = loop.parallelism + 3;
    const all = Array.from({ length: count }, (_, i) =>
      loop.submit(jobs.sleepThen, { ms: 60_000, value: i }, { name: `job ${i}` }),
    );
    await settle(loop);
    const { pending, failures } = await kit.close(loop);
    assert.deepEqual(
      pending.map(({ name }) => name),
      all.map(({ name }) => name),
    );
    assert.deepEqual(failures, []);
    for (const task of all) assert.equal(task.cancelled, true, task.name);
  });
});
