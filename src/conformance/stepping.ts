/** `runOnce`: a loop that is driven by hand, one turn at a time, where the policy can. */
import assert from 'node:assert/strict';
import { LoopRunningError, NotSupportedError } from '../loop/errors.js';
import { group } from './case.js';
import { hostTurn, settle } from './helpers.js';

export const stepping = group('stepping', (add) => {
  add('runOnce runs one turn: what becomes ready meanwhile waits', { step: true }, async (kit) => {
    const loop = await kit.open();
    const log: string[] = [];
    loop.callSoon(() => {
      log.push('a');
      loop.callSoon(() => log.push('a2'));
    });
    loop.callSoon(() => log.push('b'));
    assert.equal(loop.runOnce(), true, 'something is left');
    assert.deepEqual(log, ['a', 'b']);
    assert.equal(loop.runOnce(), false, 'nothing is left');
    assert.deepEqual(log, ['a', 'b', 'a2']);
    assert.equal(loop.runOnce(), false);
  });

  add('runOnce takes a task one step at a time', { step: true }, async (kit) => {
    const loop = await kit.open();
    const task = loop.spawn(function* () {
      yield;
      yield;
      return 'done';
    });
    let steps = 0;
    while (!task.done) {
      loop.runOnce();
      steps++;
      assert.ok(steps <= 3, `${steps} turns`);
    }
    assert.equal(steps, 3);
    assert.equal(task.result(), 'done');
  });

  add(
    'runOnce waits for no timer, and fires one that is due',
    { step: true, realTime: true },
    async (kit) => {
      const loop = await kit.open();
      const log: string[] = [];
      const far = loop.callLater(60_000, () => log.push('far'));
      assert.equal(loop.runOnce(), true, 'a timer is left');
      loop.callAt(loop.now(), () => log.push('due'));
      assert.equal(loop.runOnce(), true);
      assert.deepEqual(log, ['due']);
      far.cancel();
      assert.equal(loop.runOnce(), false, 'no timer is left');
    },
  );

  add('a loop that is stepped refuses to be run from within', { step: true }, async (kit) => {
    const loop = await kit.open();
    const refusals: unknown[] = [];
    loop.callSoon(() => {
      assert.equal(loop.running, true);
      try {
        loop.runOnce();
      } catch (error) {
        refusals.push(error);
      }
      loop.run(() => 1).catch((error: unknown) => refusals.push(error));
      loop.close().catch((error: unknown) => refusals.push(error));
    });
    loop.runOnce();
    assert.equal(loop.running, false);
    await hostTurn();
    assert.equal(refusals.length, 3);
    for (const error of refusals) assert.ok(error instanceof LoopRunningError, String(error));
  });

  add(
    'no steps: runOnce throws NotSupportedError, and runs nothing',
    { step: false },
    async (kit) => {
      const loop = await kit.open();
      let ran = false;
      loop.callSoon(() => (ran = true));
      assert.throws(() => loop.runOnce(), NotSupportedError);
      assert.equal(ran, false);
      await settle(loop);
      assert.equal(ran, true);
    },
  );
});
