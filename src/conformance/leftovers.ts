/** What a loop reports as it closes: failures nobody looked at, and functions that do not end. */
import assert from 'node:assert/strict';
import { LoopStoppedError } from '../loop/errors.js';
import { group } from './case.js';
import { hostTurn, rejectionOf, settle, thrownBy } from './helpers.js';

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
