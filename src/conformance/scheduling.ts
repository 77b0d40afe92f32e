/** What runs next: order, fairness, and being woken from outside. */
import assert from 'node:assert/strict';
import type { Loop } from '../loop/policy.js';
import { group } from './case.js';
import { hostTurn, settle, turns } from './helpers.js';

export const scheduling = group('scheduling', (add) => {
  add('callbacks run in the order in which they were scheduled', async (kit) => {
    const loop = await kit.open();
    const log: number[] = [];
    for (let i = 0; i < 5; i++) loop.callSoon(() => log.push(i));
    await settle(loop);
    assert.deepEqual(log, [0, 1, 2, 3, 4]);
  });

  add('ten thousand callbacks keep their order', async (kit) => {
    const loop = await kit.open();
    const log: number[] = [];
    const expected = Array.from({ length: 10_000 }, (_, i) => i);
    for (const i of expected) loop.callSoon(() => log.push(i));
    await settle(loop);
    assert.deepEqual(log, expected);
  });

  add('callSoon never calls at once', async (kit) => {
    const loop = await kit.open();
    await loop.run(function* () {
      let called = false;
      loop.callSoon(() => (called = true));
      assert.equal(called, false);
      yield;
      assert.equal(called, true);
    });
  });

  add('nothing runs before the loop runs', async (kit) => {
    const loop = await kit.open();
    const log: string[] = [];
    loop.callSoon(() => log.push('callback'));
    loop.spawn(() => void log.push('task'));
    loop.callLater(0, () => log.push('timer'));
    await hostTurn();
    await hostTurn();
    assert.deepEqual(log, []);
    await loop.run(() => loop.io.sleep(1));
    assert.deepEqual(log, ['callback', 'task', 'timer']);
  });

  add('nothing runs after the loop has run', async (kit) => {
    const loop = await kit.open();
    const log: string[] = [];
    await loop.run(function* () {
      yield;
    });
    loop.callSoon(() => log.push('late'));
    await hostTurn();
    await hostTurn();
    assert.deepEqual(log, []);
  });

  add('a callback scheduled from a callback runs after all that was ready', async (kit) => {
    const loop = await kit.open();
    const log: string[] = [];
    loop.callSoon(() => {
      log.push('a');
      loop.callSoon(() => log.push('a2'));
    });
    loop.callSoon(() => {
      log.push('b');
      loop.callSoon(() => log.push('b2'));
    });
    loop.callSoon(() => log.push('c'));
    await settle(loop);
    assert.deepEqual(log, ['a', 'b', 'c', 'a2', 'b2']);
  });

  add('tasks and callbacks wait in one line', async (kit) => {
    const loop = await kit.open();
    const log: string[] = [];
    loop.callSoon(() => log.push('callback 1'));
    loop.spawn(() => void log.push('task 1'));
    loop.callSoon(() => log.push('callback 2'));
    loop.spawn(() => void log.push('task 2'));
    loop.wake(() => log.push('wake'));
    await settle(loop);
    assert.deepEqual(log, ['callback 1', 'task 1', 'callback 2', 'task 2', 'wake']);
  });

  add('a bare yield lets every other task take a step', async (kit) => {
    const loop = await kit.open();
    const log: string[] = [];
    const stepper = (name: string) =>
      function* () {
        for (let i = 0; i < 3; i++) {
          log.push(name + i);
          yield;
        }
      };
    for (const name of ['a', 'b', 'c']) loop.spawn(stepper(name));
    await settle(loop);
    assert.deepEqual(log, ['a0', 'b0', 'c0', 'a1', 'b1', 'c1', 'a2', 'b2', 'c2']);
  });

  add('a cancelled callback does not run, and the others do', async (kit) => {
    const loop = await kit.open();
    const log: string[] = [];
    loop.callSoon(() => log.push('a'));
    const handle = loop.callSoon(() => log.push('b'));
    loop.callSoon(() => log.push('c'));
    handle.cancel();
    handle.cancel();
    assert.equal(handle.cancelled, true);
    await settle(loop);
    assert.deepEqual(log, ['a', 'c']);
  });

  add('a callback can be cancelled by an earlier one of the same turn', async (kit) => {
    const loop = await kit.open();
    const log: string[] = [];
    loop.callSoon(() => second.cancel());
    const second = loop.callSoon(() => log.push('second'));
    loop.callSoon(() => log.push('third'));
    await settle(loop);
    assert.deepEqual(log, ['third']);
  });

  add('cancelling a callback that has run does nothing', async (kit) => {
    const loop = await kit.open();
    let count = 0;
    const handle = loop.callSoon(() => count++);
    await settle(loop);
    handle.cancel();
    assert.equal(handle.cancelled, false);
    await settle(loop);
    assert.equal(count, 1);
  });

  add('a host callback wakes a loop that waits', async (kit) => {
    const loop = await kit.open();
    const log: string[] = [];
    await loop.run(function* () {
      const first = loop.future<string>();
      setImmediate(() => loop.wake(() => first.setResult('wake')));
      log.push(yield* first);
      const second = loop.future<string>();
      setTimeout(() => second.setResult('settled'), 2);
      log.push(yield* second);
      const third = loop.future<string>();
      setTimeout(() => void loop.spawn(() => third.setResult('spawned')), 2);
      log.push(yield* third);
    });
    assert.deepEqual(log, ['wake', 'settled', 'spawned']);
  });

  add('a promise reaction wakes a loop that waits', async (kit) => {
    const loop = await kit.open();
    const value = await loop.run(function* () {
      const future = loop.future<number>();
      void hostTurn()
        .then(() => Promise.resolve())
        .then(() => loop.wake(() => future.setResult(7)));
      return yield* future;
    });
    assert.equal(value, 7);
  });

  add('async functions make progress beside coroutines that keep yielding', async (kit) => {
    const loop = await kit.open();
    let done = false;
    const yields = await loop.run(function* () {
      loop.spawn(async () => {
        for (let i = 0; i < 20; i++) await Promise.resolve();
        done = true;
      });
      let count = 0;
      for (; !done && count < 10_000; count++) yield;
      return count;
    });
    assert.ok(done, `the async function had not ended after ${yields} turns`);
  });

  add('timers fire while callbacks keep scheduling each other', { fair: true }, async (kit) => {
    const loop = await kit.open();
    let fired = false;
    loop.callLater(2, () => (fired = true));
    await rescheduleUntil(loop, () => fired);
    assert.ok(fired, 'the timer was starved for two seconds');
  });

  add('IO completes while callbacks keep scheduling each other', { fair: true }, async (kit) => {
    const loop = await kit.open();
    const path = await kit.path('file');
    const written = loop.io.writeFile(path, 'x');
    let read = false;
    loop.spawn(function* () {
      yield* written;
      yield* loop.io.readFile(path);
      read = true;
    });
    await rescheduleUntil(loop, () => read);
    assert.ok(read, 'the file was not read for two seconds');
  });

  add(
    'host timers fire while callbacks keep scheduling each other',
    { fair: true },
    async (kit) => {
      const loop = await kit.open();
      let fired = false;
      setTimeout(() => (fired = true), 2);
      await rescheduleUntil(loop, () => fired);
      assert.ok(fired, 'the host was starved for two seconds');
    },
  );

  add(
    'not fair: callbacks that keep scheduling each other all run before a timer',
    { fair: false },
    async (kit) => {
      const loop = await kit.open();
      const log: string[] = [];
      await loop.run(function* () {
        const start = performance.now(); // real time: the loop's own clock may stand still
        loop.callLater(1, () => log.push('timer'));
        // Many more turns than fit into the timer's millisecond: the timer is long overdue when they end.
        for (let i = 0; i < 100 || performance.now() < start + 10; i++) yield* turns(10);
        log.push('callbacks');
        yield* loop.io.sleep(1);
      });
      assert.deepEqual(log, ['callbacks', 'timer']);
    },
  );
});

/** Schedules a callback from a callback until `done` returns true, or two seconds have passed. */
async function rescheduleUntil(loop: Loop, done: () => boolean): Promise<void> {
  const ended = loop.future<void>();
  const end = loop.now() + 2000;
  const again = (): void => {
    if (done() || loop.now() > end) ended.setResult();
    else loop.callSoon(again);
  };
  loop.callSoon(again);
  await loop.run(() => ended);
}
