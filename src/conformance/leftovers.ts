/** What a loop reports when it closes: failures nobody looked at, and functions that do not end. */
import assert from 'node:assert/strict';
import { asCompleted, wait } from '../loop/combine.js';
import { LoopStoppedError } from '../loop/errors.js';
import { group } from './case.js';
import { after, failAfter, hostTurn, rejectionOf, settle, thrownBy, turns } from './helpers.js';

export const leftovers = group('leftovers', (add) => {
  add('a failure that nobody looked at is reported', async (kit) => {
    const loop = await kit.open();
    const error = new Error('unseen');
    const task = loop.spawn(
      () => {
        throw error;
      },
      { name: 'failed' },
    );
    await settle(loop);
    const { failures } = await kit.close(loop);
    assert.deepEqual(failures, [{ name: 'failed', error }]);
    assert.equal(task.done, true);
  });

  add('a failure that somebody looked at is not reported', async (kit) => {
    const loop = await kit.open();
    const fail = (): never => {
      throw new Error('seen');
    };
    const [read, asked, joined, awaited] = [1, 2, 3, 4].map(() => loop.spawn(fail));
    await settle(loop);
    thrownBy(() => read?.result());
    asked?.error();
    await loop.run(function* () {
      try {
        if (joined !== undefined) yield* joined;
      } catch {}
    });
    if (awaited !== undefined) await rejectionOf(awaited);
    assert.deepEqual((await kit.close(loop)).failures, []);
  });

  add('so is that of any other future: a promise, a write, a connection', async (kit) => {
    const loop = await kit.open();
    const path = await kit.path('no-folder/file');
    const error = new Error('by hand');
    await loop.run(function* () {
      const made = [loop.future(), loop.adopt(Promise.reject(error)), loop.io.writeFile(path, '')];
      const connecting = loop.io.connect({ port: 1 });
      made[0]?.setError(error);
      while (!connecting.done || !made.every(({ done }) => done)) yield* loop.io.sleep(1);
    });
    const { failures } = await kit.close(loop);
    const names = failures.map(({ name }) => name.replace(/'.*no-folder.*'/, 'FILE'));
    assert.deepEqual(names.toSorted(), [
      'a connection to 127.0.0.1:1',
      'a future',
      'a promise',
      'a write of FILE',
    ]);
  });

  add('a failure that nobody cares for is not reported', async (kit) => {
    const loop = await kit.open();
    const fail = (): never => {
      throw new Error('ignored');
    };
    await loop.run(function* () {
      const [before, after] = [loop.spawn(fail).ignore(), loop.spawn(fail)];
      yield* turns(2);
      after.ignore();
      assert.equal(before.done, true);
      loop.adopt(Promise.reject(new Error('ignored'))).ignore();
      yield* turns(2);
    });
    assert.deepEqual((await kit.close(loop)).failures, []);
  });

  add('the rest of an asCompleted that was left is', async (kit) => {
    const loop = await kit.open();
    const error = new Error('late');
    await loop.run(function* () {
      const late = loop.spawn(failAfter(4, error), { name: 'late' });
      for (const next of asCompleted(loop, [after(1, 'early'), late])) {
        assert.equal(yield* next, 'early');
        break;
      }
      yield* wait(loop, [late]);
    });
    assert.deepEqual((await kit.close(loop)).failures, [{ name: 'late', error }]);
  });

  add('a done callback has not looked, unless it does', async (kit) => {
    const loop = await kit.open();
    const fail = (): never => {
      throw new Error('mine');
    };
    const [unseen, seen] = [
      loop.spawn(fail, { name: 'unseen' }),
      loop.spawn(fail, { name: 'seen' }),
    ];
    let calls = 0;
    unseen.onDone(() => calls++);
    seen.onDone((task) => void task.error());
    await settle(loop);
    assert.equal(calls, 1);
    const { failures } = await kit.close(loop);
    assert.deepEqual(
      failures.map(({ name }) => name),
      ['unseen'],
    );
    assert.equal(unseen.done, true);
  });

  add('a job that fails after its run was stopped is reported', async (kit) => {
    const loop = await kit.open();
    const tasks: unknown[] = [];
    loop.stop();
    const error = await rejectionOf(
      loop.run(function* (_loop, task) {
        tasks.push(task);
        yield;
        throw new Error('later');
      }),
    );
    assert.ok(error instanceof LoopStoppedError);
    await settle(loop);
    const { failures } = await kit.close(loop);
    assert.deepEqual(
      failures.map((failure) => (failure.error as Error).message),
      ['later'],
    );
    assert.equal(tasks.length, 1, 'held until here, lest it be collected and reported earlier');
  });

  add('a failure in clean-up is reported', async (kit) => {
    const loop = await kit.open();
    const error = new Error('in clean-up');
    const task = loop.spawn(
      function* () {
        try {
          yield* loop.io.sleep(60_000);
        } catch {
          throw error;
        }
      },
      { name: 'cleans up' },
    );
    await settle(loop);
    const report = await kit.close(loop);
    assert.deepEqual(report.failures, [{ name: 'cleans up', error }]);
    assert.equal(task.done, true);
  });

  add('an async function that ends in time is waited for, and not abandoned', async (kit) => {
    const loop = await kit.open();
    let ended = false;
    loop.spawn(async (_loop, { signal }) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      await hostTurn();
      ended = true;
    });
    await settle(loop);
    const report = await kit.close(loop);
    assert.equal(ended, true);
    assert.deepEqual(report.abandoned, []);
    assert.equal(report.pending.length, 1);
  });

  add('an async function that does not end is reported as abandoned', async (kit) => {
    const loop = await kit.open();
    let end = (): void => {};
    const endless = new Promise<void>((resolve) => (end = resolve));
    const task = loop.spawn(() => endless, { name: 'deaf' });
    await settle(loop);
    const report = await kit.close(loop);
    assert.deepEqual(report.abandoned, ['deaf']);
    assert.equal(task.cancelled, true);
    end();
  });
});
