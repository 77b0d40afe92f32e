/** Cancelling: an error at the task's next step. The task may use it to clean up, or decline. */
import assert from 'node:assert/strict';
import { CancelledError } from '../loop/errors.js';
import type { Future } from '../loop/future.js';
import type { Coroutine, Loop } from '../loop/policy.js';
import { group } from './case.js';
import { hostTurn, rejectionOf, thrownBy, turns } from './helpers.js';

export const cancellation = group('cancellation', (add) => {
  add('before its first step: the job never runs', async (kit) => {
    const loop = await kit.open();
    let ran = false;
    const task = loop.spawn(() => void (ran = true));
    assert.equal(task.cancel(), true);
    assert.equal(task.done, false, 'it is thrown at the next step, not at once');
    assert.ok((await rejectionOf(loop.run(() => task))) instanceof CancelledError);
    assert.equal(task.cancelled, true);
    assert.equal(ran, false);
  });

  add('while it sleeps: CancelledError is thrown there, without waiting', async (kit) => {
    const loop = await kit.open();
    const log: string[] = [];
    const start = loop.now();
    await loop.run(function* () {
      const task = loop.spawn(function* () {
        try {
          yield* loop.io.sleep(60_000);
        } catch (error) {
          log.push(String((error as Error).name));
          throw error;
        } finally {
          log.push('finally');
        }
      });
      yield;
      assert.equal(task.cancel(), true);
      yield* turns(2);
      assert.equal(task.cancelled, true);
    });
    assert.deepEqual(log, ['CancelledError', 'finally']);
    assert.ok(loop.now() - start < 10_000);
  });

  add('while it waits for a future: the future is cancelled with it', async (kit) => {
    const loop = await kit.open();
    await loop.run(function* () {
      const future = loop.future<void>();
      const task = loop.spawn(() => future);
      yield;
      task.cancel('enough');
      assert.equal(future.cancelled, true);
      yield* turns(2);
      assert.equal(task.cancelled, true);
      assert.equal((thrownBy(() => task.result()) as Error).message, 'enough');
    });
  });

  add('while it joins a task: that one is cancelled with it, innermost first', async (kit) => {
    const loop = await kit.open();
    const log: string[] = [];
    await loop.run(function* () {
      const layer = function* (name: string, inner: Coroutine<void>): Coroutine<void> {
        try {
          yield* inner;
        } finally {
          log.push(name);
        }
      };
      const inner = loop.spawn(() => layer('inner', sleepLong(loop)));
      const outer = loop.spawn(() => layer('outer', join(inner)));
      yield* turns(2);
      outer.cancel();
      yield* turns(4);
      assert.equal(inner.cancelled, true);
      assert.equal(outer.cancelled, true);
    });
    assert.deepEqual(log, ['inner', 'outer']);
  });

  add('of a waiter wakes the other waiters with CancelledError, as the future is', async (kit) => {
    const loop = await kit.open();
    await loop.run(function* () {
      const future = loop.future<void>();
      const [one, other] = [loop.spawn(() => join(future)), loop.spawn(() => join(future))];
      yield;
      one.cancel();
      yield* turns(2);
      assert.equal(one.cancelled, true);
      assert.equal(other.cancelled, true);
    });
  });

  add('of itself while it runs: at its next suspension', async (kit) => {
    const loop = await kit.open();
    const log: string[] = [];
    const task = loop.spawn(function* (_loop, self): Coroutine<void> {
      assert.equal(self.cancel('my own'), true);
      log.push('goes on');
      yield* ready(loop.future<void>());
      log.push('what is ready does not suspend');
      yield* loop.io.sleep(60_000);
      log.push('never');
    });
    const error = await rejectionOf(loop.run(() => task));
    assert.ok(error instanceof CancelledError);
    assert.equal(error.message, 'my own');
    assert.deepEqual(log, ['goes on', 'what is ready does not suspend']);
  });

  add('of itself at a bare yield', async (kit) => {
    const loop = await kit.open();
    let reached = false;
    const task = loop.spawn(function* (_loop, self): Coroutine<void> {
      self.cancel();
      yield;
      reached = true;
    });
    assert.ok((await rejectionOf(loop.run(() => task))) instanceof CancelledError);
    assert.equal(reached, false);
  });

  add('of itself in its last step: it is cancelled, and its result is lost', async (kit) => {
    const loop = await kit.open();
    const task = loop.spawn((_loop, self) => {
      self.cancel();
      return 'result';
    });
    assert.ok((await rejectionOf(loop.run(() => task))) instanceof CancelledError);
    assert.equal(task.cancelled, true);
  });

  add('between wake-up and step: CancelledError wins over the result', async (kit) => {
    const loop = await kit.open();
    await loop.run(function* () {
      const future = loop.future<string>();
      const task = loop.spawn(() => join(future));
      yield;
      future.setResult('result');
      assert.equal(task.cancel(), true);
      assert.equal(future.cancelled, false);
      yield* turns(2);
      assert.equal(task.cancelled, true);
    });
  });

  add('of a task that is done is false, and changes nothing', async (kit) => {
    const loop = await kit.open();
    const good = loop.spawn(() => 'value');
    const bad = loop.spawn(() => {
      throw new Error('mine');
    });
    await loop.run(() => turns(2));
    assert.equal(good.cancel(), false);
    assert.equal(bad.cancel(), false);
    assert.equal(good.result(), 'value');
    assert.equal((bad.error() as Error).message, 'mine');
  });

  add('a coroutine that throws CancelledError by itself is cancelled', async (kit) => {
    const loop = await kit.open();
    const task = loop.spawn(() => {
      throw new CancelledError('gave up');
    });
    const error = await rejectionOf(loop.run(() => task));
    assert.equal((error as Error).message, 'gave up');
    assert.equal(task.cancelled, true);
  });

  add("aborts a coroutine's signal", async (kit) => {
    const loop = await kit.open();
    await loop.run(function* () {
      const task = loop.spawn(() => sleepLong(loop));
      assert.equal(task.signal.aborted, false);
      yield;
      task.cancel('enough');
      assert.equal(task.signal.aborted, true);
      assert.equal((task.signal.reason as Error).message, 'enough');
      yield* turns(2);
    });
  });

  add('of an async function: its signal is aborted and its task cancelled at once', async (kit) => {
    const loop = await kit.open();
    const log: string[] = [];
    await loop.run(function* () {
      const task = loop.spawn(async (_loop, self) => {
        self.signal.addEventListener('abort', () => log.push('aborted'));
        await hostTurn();
        log.push('runs to its end');
        return 'late';
      });
      yield;
      assert.equal(task.cancel('enough'), true);
      assert.equal(task.cancelled, true);
      assert.deepEqual(log, ['aborted']);
      yield* loop.adopt(hostTurn().then(hostTurn));
      assert.equal((thrownBy(() => task.result()) as Error).message, 'enough');
    });
    assert.deepEqual(log, ['aborted', 'runs to its end']);
  });

  add('of an async function that fails later: nobody is told', async (kit) => {
    const loop = await kit.open();
    await loop.run(function* () {
      const task = loop.spawn(async () => {
        await hostTurn();
        throw new Error('late');
      });
      yield;
      task.cancel();
      yield* loop.adopt(hostTurn().then(hostTurn));
      assert.equal(task.cancelled, true);
    });
  });

  add('of an async function by itself, before it first waits', async (kit) => {
    const loop = await kit.open();
    const task = loop.spawn(async (_loop, self) => {
      self.cancel('my own');
      await Promise.resolve();
      return 'result';
    });
    const error = await rejectionOf(loop.run(() => task));
    assert.equal((error as Error).message, 'my own');
  });
});

function* sleepLong(loop: Loop): Coroutine<void> {
  yield* loop.io.sleep(60_000);
}

function* join<T>(future: Future<T>): Coroutine<T> {
  return yield* future;
}

function ready(future: Future<void>): Future<void> {
  future.setResult();
  return future;
}
