/** Futures: settling once, reading, and the ways to wait. */
import assert from 'node:assert/strict';
import { CancelledError, InvalidStateError } from '../loop/errors.js';
import type { Future } from '../loop/future.js';
import { group } from './case.js';
import { settle, thrownBy } from './helpers.js';

export const futures = group('futures', (add) => {
  add('a result can be read', async (kit) => {
    const future = (await kit.open()).future<number>();
    assert.equal(future.done, false);
    future.setResult(5);
    assert.equal(future.done, true);
    assert.equal(future.cancelled, false);
    assert.equal(future.result(), 5);
    assert.equal(future.error(), undefined);
  });

  add('an error can be read, and is the very same', async (kit) => {
    const future = (await kit.open()).future<number>();
    const error = new Error('mine');
    future.setError(error);
    assert.equal(future.done, true);
    assert.equal(future.cancelled, false);
    assert.equal(future.error(), error);
    assert.equal(
      thrownBy(() => future.result()),
      error,
    );
  });

  add('reading what is pending throws InvalidStateError', async (kit) => {
    const future = (await kit.open()).future<number>();
    assert.throws(() => future.result(), InvalidStateError);
    assert.throws(() => future.error(), InvalidStateError);
  });

  add('a cancelled future throws CancelledError with its message', async (kit) => {
    const future = (await kit.open()).future<number>();
    assert.equal(future.cancel('enough'), true);
    assert.equal(future.done, true);
    assert.equal(future.cancelled, true);
    for (const read of [() => future.result(), () => future.error()]) {
      const error = thrownBy(read);
      assert.ok(error instanceof CancelledError);
      assert.equal(error.message, 'enough');
    }
    assert.equal(future.cancel(), false);
  });

  add('settling twice throws InvalidStateError, and the first outcome stays', async (kit) => {
    const loop = await kit.open();
    const first: ((future: Future<string>) => void)[] = [
      (future) => future.setResult('first'),
      (future) => future.setError(new Error('first')),
      (future) => future.cancel('first'),
    ];
    for (const settleFirst of first) {
      const future = loop.future<string>();
      settleFirst(future);
      const before = thrownBy(() => future.setResult('second'));
      assert.ok(before instanceof InvalidStateError);
      assert.match(before.message, /first.*second/, 'it quotes both');
      assert.throws(() => future.setError(new Error('second')), InvalidStateError);
      assert.equal(future.cancel('second'), false);
      const outcome =
        future.cancelled || future.error() !== undefined ? thrownBy(() => future.result()) : null;
      if (outcome === null) assert.equal(future.result(), 'first');
      else assert.equal((outcome as Error).message, 'first');
    }
  });

  add('values that are false, and nothing, pass unchanged', async (kit) => {
    const loop = await kit.open();
    for (const value of [undefined, null, 0, false, '', NaN]) {
      const future = loop.future<unknown>();
      loop.callSoon(() => future.setResult(value));
      const seen = await loop.run(function* () {
        return [yield* future, yield* future];
      });
      assert.deepEqual(seen, [value, value]);
    }
  });

  add('done callbacks run from the loop, in order, with the future', async (kit) => {
    const loop = await kit.open();
    const future = loop.future<number>();
    const log: unknown[] = [];
    for (let i = 0; i < 3; i++) future.onDone((done) => log.push([i, done === future]));
    future.setResult(1);
    assert.deepEqual(log, [], 'not at once');
    await settle(loop);
    assert.deepEqual(log, [
      [0, true],
      [1, true],
      [2, true],
    ]);
  });

  add('a done callback added after the fact is called later, not at once', async (kit) => {
    const loop = await kit.open();
    const future = loop.future<number>();
    future.setResult(1);
    let calls = 0;
    future.onDone(() => calls++);
    assert.equal(calls, 0);
    await settle(loop);
    assert.equal(calls, 1);
  });
});
