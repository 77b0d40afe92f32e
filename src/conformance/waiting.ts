/** The ways to wait for a future: yield*, yield, await, adopt, from here and from another loop. */
import assert from 'node:assert/strict';
import { CancelledError } from '../loop/errors.js';
import type { Future } from '../loop/future.js';
import type { Coroutine } from '../loop/policy.js';
import { group } from './case.js';
import { hostTurn, rejectionOf } from './helpers.js';

export const waiting = group('waiting', (add) => {
  add('every waiter wakes, in the order in which they began to wait', async (kit) => {
    const loop = await kit.open();
    const future = loop.future<string>();
    const log: string[] = [];
    for (let i = 0; i < 4; i++) {
      loop.spawn(function* () {
        log.push(`${yield* future} ${i}`);
      });
    }
    await loop.run(function* () {
      yield;
      future.setResult('woken');
      assert.deepEqual(log, [], 'not while it is settled');
      yield;
    });
    assert.deepEqual(log, ['woken 0', 'woken 1', 'woken 2', 'woken 3']);
  });

  add('yield* of what is done already does not suspend', async (kit) => {
    const loop = await kit.open();
    const log: string[] = [];
    await loop.run(function* () {
      loop.callSoon(() => log.push('other'));
      const future = loop.future<string>();
      future.setResult('mine');
      log.push(yield* future);
      yield;
    });
    assert.deepEqual(log, ['mine', 'other']);
  });

  add('plain yield of a future gives its result too, or throws its error', async (kit) => {
    const loop = await kit.open();
    const error = new Error('mine');
    const outcome = await loop.run(function* (): Generator<Future<number>, unknown, unknown> {
      const good = loop.future<number>();
      const bad = loop.future<number>();
      loop.callSoon(() => good.setResult(3));
      loop.callSoon(() => bad.setError(error));
      const value = yield good;
      try {
        yield bad;
      } catch (caught) {
        return [value, caught, yield good];
      }
      return 'nothing was thrown';
    });
    assert.deepEqual(outcome, [3, error, 3]);
  });

  add('plain yields and yield* can be mixed in one coroutine', async (kit) => {
    const loop = await kit.open();
    const error = new Error('mine');
    const soon = (settle: (future: Future<number>) => void): Future<number> => {
      const future = loop.future<number>();
      loop.callSoon(() => settle(future));
      return future;
    };
    const outcome = await loop.run(function* (): Coroutine<unknown[]> {
      const log: unknown[] = [];
      for (let i = 0; i < 2; i++) {
        log.push(yield* soon((future) => future.setResult(i)));
        log.push(yield soon((future) => future.setResult(10 + i)));
        log.push(yield);
        for (const wait of ['yield*', 'yield']) {
          const bad = soon((future) => future.setError(error));
          try {
            if (wait === 'yield') yield bad;
            else yield* bad;
          } catch (caught) {
            log.push(caught);
          }
        }
      }
      return log;
    });
    const round = (i: number): unknown[] => [i, 10 + i, undefined, error, error];
    assert.deepEqual(outcome, [...round(0), ...round(1)]);
  });

  add('an error is thrown where the coroutine waits, and is the very same', async (kit) => {
    const loop = await kit.open();
    const error = new Error('mine');
    const caught = await loop.run(function* () {
      const future = loop.future<number>();
      loop.callSoon(() => future.setError(error));
      try {
        yield* future;
      } catch (thrown) {
        return thrown;
      }
      return null;
    });
    assert.equal(caught, error);
  });

  add('await gives the result, or throws the very same error', async (kit) => {
    const loop = await kit.open();
    const error = new Error('mine');
    const outcome = await loop.run(async () => {
      const good = loop.future<number>();
      const bad = loop.future<number>();
      const gone = loop.future<number>();
      loop.callSoon(() => {
        good.setResult(3);
        bad.setError(error);
        gone.cancel('gone');
      });
      return [await good, await rejectionOf(bad), await rejectionOf(gone), await good];
    });
    assert.equal(outcome[0], 3);
    assert.equal(outcome[1], error);
    assert.ok(outcome[2] instanceof CancelledError);
    assert.equal(outcome[3], 3);
  });

  add("the host's combinators take futures", async (kit) => {
    const loop = await kit.open();
    const outcome = await loop.run(async () => {
      const [a, b, never] = [loop.future<number>(), loop.future<number>(), loop.future<number>()];
      loop.callLater(2, () => a.setResult(1));
      loop.callLater(1, () => b.setResult(2));
      return [await Promise.race([a, b, never]), await Promise.all([a, b])];
    });
    assert.deepEqual(outcome, [2, [1, 2]]);
  });

  add('coroutines, async functions and callbacks wait for the same future', async (kit) => {
    const loop = await kit.open();
    const future = loop.future<number>();
    const seen: string[] = [];
    const coroutine = loop.spawn(function* () {
      seen.push(`coroutine ${yield* future}`);
    });
    const asyncTask = loop.spawn(async () => {
      seen.push(`async ${await future}`);
    });
    future.onDone((done) => seen.push(`callback ${done.result()}`));
    loop.callLater(1, () => future.setResult(9));
    await loop.run(function* () {
      yield* coroutine;
      yield* asyncTask;
    });
    assert.deepEqual(seen.toSorted(), ['async 9', 'callback 9', 'coroutine 9']);
  });

  add("adopt gives a promise's result, or its very error", async (kit) => {
    const loop = await kit.open();
    const error = new Error('mine');
    const outcome = await loop.run(function* () {
      const value = yield* loop.adopt(hostTurn().then(() => 4));
      try {
        yield* loop.adopt(Promise.reject(error));
      } catch (caught) {
        return [value, caught];
      }
      return null;
    });
    assert.deepEqual(outcome, [4, error]);
  });

  add('a cancelled adoption ignores what the promise does later', async (kit) => {
    const loop = await kit.open();
    let reject: (error: Error) => void = () => {};
    const future = loop.adopt(new Promise((_resolve, no) => (reject = no)));
    assert.equal(future.cancel(), true);
    reject(new Error('late'));
    await hostTurn();
    assert.equal(future.cancelled, true);
  });

  add('a future of another loop can be waited for', async (kit) => {
    const [one, other] = [await kit.open(), await kit.open()];
    const future = other.future<string>();
    const waiting = one.run(function* () {
      return yield* future;
    });
    await other.run(function* () {
      yield* other.io.sleep(1);
      future.setResult('from the other');
    });
    assert.equal(await waiting, 'from the other');
  });
});
