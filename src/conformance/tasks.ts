/** Jobs on their way: styles, results, errors, names, joining. */
import assert from 'node:assert/strict';
import { InvalidStateError } from '../loop/errors.js';
import type { Coroutine } from '../loop/future.js';
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

  add('a task can be joined twice, and after it is done', async (kit) => {
    const loop = await kit.open();
    const error = new Error('mine');
    const good = loop.spawn(() => 'value');
    const bad = loop.spawn(() => {
      throw error;
    });
    const seen: unknown[] = [];
    await loop.run(function* () {
      for (let i = 0; i < 2; i++) {
        seen.push(yield* good);
        try {
          yield* bad;
        } catch (caught) {
          seen.push(caught);
        }
      }
    });
    assert.deepEqual(seen, ['value', error, 'value', error]);
    assert.equal(good.result(), 'value');
    assert.equal(bad.error(), error);
  });

  add('several tasks can join the same one', async (kit) => {
    const loop = await kit.open();
    const source = loop.spawn(function* () {
      yield* loop.io.sleep(1);
      return 5;
    });
    const joiner = function* (): Coroutine<number> {
      return (yield* source) + 1;
    };
    const [a, b] = [loop.spawn(joiner), loop.spawn(joiner)];
    const sum = await loop.run(function* () {
      return (yield* a) + (yield* b);
    });
    assert.equal(sum, 12);
  });

  add('a failure passes through every task that joins', async (kit) => {
    const loop = await kit.open();
    const error = new Error('at the bottom');
    const fails = (depth: number): Job<void> =>
      function* () {
        if (depth === 0) throw error;
        yield* loop.spawn(fails(depth - 1));
      };
    assert.equal(await rejectionOf(loop.run(fails(10))), error);
  });

  add('tasks spawn tasks', async (kit) => {
    const loop = await kit.open();
    const fibonacci = (n: number): Job<number> =>
      function* () {
        if (n < 2) return n;
        const [a, b] = [loop.spawn(fibonacci(n - 1)), loop.spawn(fibonacci(n - 2))];
        return (yield* a) + (yield* b);
      };
    assert.equal(await loop.run(fibonacci(12)), 144);
  });

  add('ten thousand tasks give each its own result', async (kit) => {
    const loop = await kit.open();
    const sum = await loop.run(function* () {
      const all = Array.from({ length: 10_000 }, (_, i) =>
        loop.spawn(function* () {
          yield;
          return i;
        }),
      );
      let total = 0;
      for (const [i, task] of all.entries()) {
        assert.equal(yield* task, i);
        total += task.result();
      }
      return total;
    });
    assert.equal(sum, 49_995_000);
  });

  add('yield* passes values and errors through many coroutines', async (kit) => {
    const loop = await kit.open();
    const error = new Error('at the bottom');
    const descend = function* (depth: number): Coroutine<number> {
      if (depth > 0) return (yield* descend(depth - 1)) + 1;
      yield;
      yield* loop.io.sleep(1);
      return 0;
    };
    const fail = function* (depth: number): Coroutine<number> {
      if (depth > 0) return yield* fail(depth - 1);
      yield;
      throw error;
    };
    assert.equal(await loop.run(() => descend(100)), 100);
    assert.equal(await rejectionOf(loop.run(() => fail(100))), error);
  });

  add('a coroutine can catch what it waits for and go on', async (kit) => {
    const loop = await kit.open();
    const log: unknown[] = [];
    await loop.run(function* () {
      for (let i = 0; i < 3; i++) {
        try {
          yield* loop.spawn(() => {
            throw new Error(`failure ${i}`);
          });
        } catch (error) {
          log.push((error as Error).message);
        } finally {
          log.push('finally');
        }
      }
    });
    assert.deepEqual(log, ['failure 0', 'finally', 'failure 1', 'finally', 'failure 2', 'finally']);
  });

  add('an async function waits for sleeps and tasks', async (kit) => {
    const loop = await kit.open();
    const result = await loop.run(async () => {
      await loop.io.sleep(1);
      const values = await Promise.all([1, 2, 3].map((n) => loop.spawn(() => n * 2)));
      return values.reduce((sum, n) => sum + n);
    });
    assert.equal(result, 12);
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
