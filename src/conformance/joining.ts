/** Tasks that spawn tasks and wait for them. */
import assert from 'node:assert/strict';
import type { Coroutine, Job } from '../loop/policy.js';
import type { Task } from '../loop/task.js';
import { group } from './case.js';
import { outcomeOf, rejectionOf, turns } from './helpers.js';

export const joining = group('joining', (add) => {
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

  add(
    'a task that is cancelled is, though what it waits for fails in its clean-up',
    async (kit) => {
      const loop = await kit.open();
      const log: unknown[] = [];
      const error = new Error('in clean-up');
      await loop.run(function* () {
        const inner = loop.spawn(function* () {
          yield* outcomeOf(loop.io.sleep(60_000));
          throw error;
        });
        const task = loop.spawn(function* () {
          log.push(yield* outcomeOf(inner));
          yield* loop.io.sleep(60_000);
          log.push('went on');
        });
        yield* turns(3);
        task.cancel();
        yield* outcomeOf(task);
        assert.equal(task.cancelled, true);
        assert.deepEqual(log, [error]);
      });
    },
  );

  add('cancelling the head of a long chain of joins cancels every link', async (kit) => {
    const loop = await kit.open();
    await loop.run(function* () {
      const chain: Task<void>[] = [loop.spawn(() => loop.io.sleep(60_000))];
      for (let i = 1; i < 20_000; i++) {
        const next = chain[i - 1] as Task<void>;
        chain.push(loop.spawn(() => next));
      }
      const head = chain.at(-1) as Task<void>;
      yield;
      assert.equal(head.cancel(), true);
      while (!head.done) yield;
      assert.ok(chain.every((task) => task.cancelled));
    });
  });
});
