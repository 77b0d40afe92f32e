/** Running jobs: styles, results, errors, names, joining. */
import assert from 'node:assert/strict';
import { InvalidStateError } from '../loop/errors.js';
import type { Job, Loop } from '../loop/policy.js';
import type { Task } from '../loop/task.js';
import { group } from './case.js';
import { hostTurn, rejectionOf, turns } from './helpers.js';

export const tasks = group('tasks', (add) => {
  const styles: [string, (work: () => number) => Job<number>][] = [
    ['plain function', (work) => () => work()],
    [
      'generator function',
      (work) =>
        function* () {
          yield;
          return work();
        },
    ],
    [
      'async function',
      (work) => async () => {
        await hostTurn();
        return work();
      },
    ],
  ];
  for (const [style, job] of styles) {
    add(`run gives the result of a ${style}`, async (kit) => {
      const loop = await kit.open();
      assert.equal(await loop.run(job(() => 42)), 42);
    });

    add(`run rejects with the very error of a ${style}`, async (kit) => {
      const loop = await kit.open();
      const error = new TypeError('mine');
      const fails = job(() => {
        throw error;
      });
      assert.equal(await rejectionOf(loop.run(fails)), error);
      assert.equal(await loop.run(job(() => 1)), 1, 'the loop goes on');
    });

    add(`a ${style} can be joined, for its result or its very error`, async (kit) => {
      const loop = await kit.open();
      const error = new TypeError('mine');
      const good = loop.spawn(job(() => 6));
      const bad = loop.spawn(
        job(() => {
          throw error;
        }),
      );
      const outcome = await loop.run(function* () {
        const value = yield* good;
        try {
          yield* bad;
        } catch (caught) {
          return [value, caught];
        }
        return null;
      });
      assert.deepEqual(outcome, [6, error]);
    });
  }

  add('a job that returns a future has its outcome', async (kit) => {
    const loop = await kit.open();
    const error = new Error('mine');
    const later = (settle: () => void): void => void loop.callLater(1, settle);
    const good = loop.future<string>();
    later(() => good.setResult('value'));
    assert.equal(await loop.run(() => good), 'value');
    const bad = loop.future<string>();
    later(() => bad.setError(error));
    assert.equal(await rejectionOf(loop.run(() => bad)), error);
    assert.equal(await loop.run(() => loop.spawn(() => 'a task')), 'a task');
  });

  add('a job is handed its loop and its own task', async (kit) => {
    const loop = await kit.open();
    const seen: [Loop, Task<unknown>][] = [];
    const spawned: Task<unknown>[] = [
      loop.spawn((own, task) => void seen.push([own, task])),
      loop.spawn(function* (own, task) {
        seen.push([own, task]);
      }),
      loop.spawn(async (own, task) => void seen.push([own, task])),
    ];
    await loop.run(() => turns(3));
    assert.equal(seen.length, 3);
    for (const [i, [own, task]] of seen.entries()) {
      assert.equal(own, loop);
      assert.equal(task, spawned[i]);
    }
  });

  add('a task has the name it was given, or one of its own', async (kit) => {
    const loop = await kit.open();
    const named = loop.spawn(() => {}, { name: 'mine' });
    const [one, other] = [loop.spawn(() => {}), loop.spawn(() => {})];
    await loop.run(() => turns(1));
    assert.equal(named.name, 'mine');
    assert.ok(one.name.length > 0);
    assert.notEqual(one.name, other.name);
    assert.equal(one.name, one.name);
  });

  add('spawn never starts the job at once; jobs start in the order of spawn', async (kit) => {
    const loop = await kit.open();
    const log: number[] = [];
    await loop.run(function* () {
      for (let i = 0; i < 4; i++) loop.spawn(() => void log.push(i));
      assert.deepEqual(log, []);
      yield;
      assert.deepEqual(log, [0, 1, 2, 3]);
    });
  });

  add('only its job settles a task', async (kit) => {
    const loop = await kit.open();
    const task = loop.spawn(() => 'from the job');
    const settling = task as { setResult(value: string): void; setError(error: Error): void };
    assert.throws(() => settling.setResult('by hand'), InvalidStateError);
    assert.throws(() => settling.setError(new Error('by hand')), InvalidStateError);
    assert.equal(await loop.run(() => task), 'from the job');
  });

  add('a task says what it waits for', async (kit) => {
    const loop = await kit.open();
    await loop.run(function* () {
      const future = loop.future<void>();
      const first = loop.spawn(() => future, { name: 'first' });
      const second = loop.spawn(
        function* () {
          yield* first;
        },
        { name: 'second' },
      );
      assert.equal(first.waitingFor, null, 'it is ready');
      yield;
      assert.match(first.waitingFor ?? '', /future/);
      assert.match(second.waitingFor ?? '', /first/);
      future.setResult();
      yield* second;
      assert.equal(second.waitingFor, null, 'it is done');
    });
  });

  add('a job may throw anything, even nothing', async (kit) => {
    const loop = await kit.open();
    for (const thrown of [undefined, null, 0, 'text']) {
      const task = loop.spawn(() => {
        throw thrown;
      });
      assert.equal(await rejectionOf(loop.run(() => task)), thrown);
    }
  });
});
