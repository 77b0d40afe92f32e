/** Loop control: running, stopping, stepping, and running again. */
import assert from 'node:assert/strict';
import { CancelledError, LoopRunningError, LoopStoppedError } from '../loop/errors.js';
import type { Task } from '../loop/task.js';
import { group } from './case.js';
import { rejectionOf, settle, turns } from './helpers.js';

export const control = group('control', (add) => {
  add('a loop runs again and again', async (kit) => {
    const loop = await kit.open();
    for (let i = 0; i < 5; i++) {
      const result = await loop.run(function* () {
        yield* loop.io.sleep(0);
        return i;
      });
      assert.equal(result, i);
    }
  });

  add('it says whether it runs, and whether it is closed', async (kit) => {
    const loop = await kit.open();
    assert.deepEqual([loop.running, loop.closed], [false, false]);
    const running = loop.run(() => loop.running);
    assert.equal(loop.running, true);
    assert.equal(await running, true);
    assert.equal(loop.running, false);
    await loop.close();
    assert.deepEqual([loop.running, loop.closed], [false, true]);
  });

  add('run ends as its job is done; what is left goes on in the next run', async (kit) => {
    const loop = await kit.open();
    const log: string[] = [];
    const background = loop.spawn(function* () {
      log.push('begins');
      yield* turns(50);
      log.push('ends');
    });
    await loop.run(() => turns(2));
    assert.deepEqual(log, ['begins']);
    assert.equal(background.done, false);
    await loop.run(() => background);
    assert.deepEqual(log, ['begins', 'ends']);
  });

  add('a loop that runs refuses to run, to step and to close', async (kit) => {
    const loop = await kit.open();
    await loop.run(async () => {
      const refusals = await Promise.all([
        rejectionOf(loop.run(() => 1)),
        rejectionOf(loop.runForever()),
        rejectionOf(loop.close()),
      ]);
      for (const error of refusals) assert.ok(error instanceof LoopRunningError, String(error));
      assert.throws(() => loop.runOnce(), LoopRunningError);
    });
    assert.equal(await loop.run(() => 'still good'), 'still good');
  });

  add('run rejects with CancelledError when its own job is cancelled', async (kit) => {
    const loop = await kit.open();
    let main: Task<unknown> | null = null;
    const running = loop.run(function* (_loop, task) {
      main = task;
      yield* loop.future();
    });
    const cancelOnceBegun = (): void =>
      void setImmediate(() => (main === null ? cancelOnceBegun() : main.cancel('from outside')));
    cancelOnceBegun();
    const error = await rejectionOf(running);
    assert.ok(error instanceof CancelledError);
    assert.equal(error.message, 'from outside');
  });

  add('stop ends runForever', async (kit) => {
    const loop = await kit.open();
    const log: string[] = [];
    loop.callSoon(() => log.push('ran'));
    loop.callLater(1, () => {
      log.push('stopped');
      loop.stop();
    });
    assert.equal(await loop.runForever(), undefined);
    assert.deepEqual(log, ['ran', 'stopped']);
    assert.equal(loop.running, false);
  });

  add('stop finishes what was ready before it', async (kit) => {
    const loop = await kit.open();
    const log: string[] = [];
    loop.callSoon(() => {
      loop.stop();
      loop.callSoon(() => log.push('next run'));
    });
    loop.callSoon(() => log.push('same turn'));
    await loop.runForever();
    assert.deepEqual(log, ['same turn']);
    await settle(loop);
    assert.deepEqual(log, ['same turn', 'next run']);
  });

  add('stop ends run before its job is done; the job goes on in the next run', async (kit) => {
    const loop = await kit.open();
    const log: string[] = [];
    loop.callLater(1, () => loop.stop());
    const end = loop.future<void>();
    const error = await rejectionOf(
      loop.run(function* () {
        log.push('begins');
        yield* end;
        log.push('ends');
      }),
    );
    assert.ok(error instanceof LoopStoppedError);
    end.setResult();
    await settle(loop);
    assert.deepEqual(log, ['begins', 'ends']);
  });

  add('stop before runForever: one turn, then it ends', async (kit) => {
    const loop = await kit.open();
    const log: string[] = [];
    loop.callSoon(() => {
      log.push('first turn');
      loop.callSoon(() => log.push('second turn'));
    });
    loop.stop();
    await loop.runForever();
    assert.deepEqual(log, ['first turn']);
    await settle(loop);
    assert.deepEqual(log, ['first turn', 'second turn']);
  });

  add('stop before run: one turn, then LoopStoppedError', async (kit) => {
    const loop = await kit.open();
    const log: string[] = [];
    loop.stop();
    const error = await rejectionOf(
      loop.run(function* () {
        log.push('first turn');
        yield;
        log.push('second turn');
      }),
    );
    assert.ok(error instanceof LoopStoppedError);
    assert.deepEqual(log, ['first turn']);
    await settle(loop);
    assert.deepEqual(log, ['first turn', 'second turn'], 'the job was not lost');
  });

  add('stop before run: a job that one turn completes gives its result', async (kit) => {
    const loop = await kit.open();
    loop.stop();
    assert.equal(await loop.run(() => 'one turn'), 'one turn');
  });

  add('stop holds for one run only', async (kit) => {
    const loop = await kit.open();
    const stopsLast = (): string => {
      loop.stop();
      return 'done';
    };
    assert.equal(await loop.run(stopsLast), 'done');
    const result = await loop.run(function* () {
      yield* turns(3);
      yield* loop.io.sleep(1);
      return 'not stopped';
    });
    assert.equal(result, 'not stopped');
  });

  add('a stop that came too late does not cut the turn of a later one', async (kit) => {
    const loop = await kit.open();
    await loop.run(() => loop.stop());
    loop.stop();
    assert.equal(await loop.run(() => 'one turn'), 'one turn');
  });

  add('stop from a host callback ends a loop that waits', async (kit) => {
    const loop = await kit.open();
    const timer = loop.callLater(60_000, () => {});
    setImmediate(() => loop.stop());
    await loop.runForever();
    timer.cancel();
  });

  add('a stop and a run right after it do not disturb each other', async (kit) => {
    const loop = await kit.open();
    for (let i = 0; i < 20; i++) {
      loop.callSoon(() => loop.stop());
      await loop.runForever();
      const log: number[] = [];
      for (let n = 0; n < 3; n++) loop.callSoon(() => log.push(n));
      await loop.run(() => turns(2));
      assert.deepEqual(log, [0, 1, 2]);
    }
  });

  add('two loops run side by side', async (kit) => {
    const [one, other] = [await kit.open(), await kit.open()];
    const log: string[] = [];
    const ping = one.future<string>();
    const pong = other.future<string>();
    await Promise.all([
      one.run(function* () {
        log.push(yield* ping);
        other.wake(() => pong.setResult('pong'));
      }),
      other.run(function* () {
        one.wake(() => ping.setResult('ping'));
        log.push(yield* pong);
      }),
    ]);
    assert.deepEqual(log, ['ping', 'pong']);
  });

  add("a loop runs inside another loop's job", async (kit) => {
    const [outer, inner] = [await kit.open(), await kit.open()];
    const result = await outer.run(async () => {
      const value = await inner.run(function* () {
        yield* inner.io.sleep(1);
        return 20;
      });
      await outer.io.sleep(1);
      return value + 1;
    });
    assert.equal(result, 21);
  });
});
