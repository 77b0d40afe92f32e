/** When things run: deadlines, their order, and cancelling them. */
import assert from 'node:assert/strict';
import type { Timer } from '../loop/policy.js';
import { group } from './case.js';
import { hostTurn } from './helpers.js';

export const timers = group('timers', (add) => {
  add('fire in the order of their deadlines', async (kit) => {
    const loop = await kit.open();
    const log: number[] = [];
    const start = loop.now();
    for (const ms of [7, 1, 5, 3]) loop.callAt(start + ms, () => log.push(ms));
    await loop.run(() => loop.io.sleep(8));
    assert.deepEqual(log, [1, 3, 5, 7]);
  });

  add('with equal deadlines fire in the order in which they were set', async (kit) => {
    const loop = await kit.open();
    const log: number[] = [];
    const when = loop.now() + 3;
    for (let i = 0; i < 20; i++) loop.callAt(when, () => log.push(i));
    await loop.run(() => loop.io.sleep(4));
    assert.deepEqual(
      log,
      Array.from({ length: 20 }, (_, i) => i),
    );
  });

  add('never fire early by the clock of their loop', async (kit) => {
    const loop = await kit.open();
    const early: number[] = [];
    await loop.run(function* () {
      for (let i = 0; i < 200; i++) {
        const when = loop.now() + (i % 40) * 0.23;
        loop.callAt(when, () => {
          if (loop.now() < when) early.push(when - loop.now());
        });
        if (i % 50 === 0) yield* loop.io.sleep(1.3);
      }
      yield* loop.io.sleep(12);
    });
    assert.deepEqual(early, []);
  });

  add('know their deadline', async (kit) => {
    const loop = await kit.open();
    const before = loop.now();
    const timer = loop.callLater(1000, () => {});
    const after = loop.now();
    assert.ok(timer.when >= before + 1000 && timer.when <= after + 1000, String(timer.when));
    assert.equal(loop.callAt(before + 5, () => {}).when, before + 5);
  });

  add('the clock never goes back, and runs on while the loop waits', async (kit) => {
    const loop = await kit.open();
    const start = loop.now();
    let last = start;
    await loop.run(function* () {
      for (let i = 0; i < 1000; i++) {
        const now = loop.now();
        assert.ok(now >= last, `${now} came after ${last}`);
        last = now;
        if (i % 250 === 0) yield* loop.io.sleep(1);
      }
    });
    assert.ok(loop.now() - start >= 4);
  });

  add('callLater(0) does not call at once, and comes after what is ready', async (kit) => {
    const loop = await kit.open();
    const log: string[] = [];
    await loop.run(function* () {
      loop.callSoon(() => log.push('soon'));
      loop.callLater(0, () => log.push('later'));
      assert.deepEqual(log, []);
      yield* loop.io.sleep(2);
    });
    assert.deepEqual(log, ['soon', 'later']);
  });

  add('callAt with a time that is past fires as soon as it can', async (kit) => {
    const loop = await kit.open();
    const log: string[] = [];
    loop.callAt(loop.now(), () => log.push('now'));
    loop.callAt(0, () => log.push('past'));
    await loop.run(() => loop.io.sleep(1));
    assert.deepEqual(log, ['past', 'now']);
  });

  add(
    'that were due while the loop did not run fire in order when it does',
    { realTime: true },
    async (kit) => {
      const loop = await kit.open();
      const log: string[] = [];
      const start = loop.now();
      loop.callAt(start + 2, () => log.push('b'));
      loop.callAt(start + 1, () => log.push('a'));
      await new Promise((resolve) => setTimeout(resolve, 5));
      await hostTurn();
      assert.deepEqual(log, []);
      await loop.run(() => loop.io.sleep(0));
      assert.deepEqual(log, ['a', 'b']);
    },
  );

  add('longer than the host can count do not fire at once', async (kit) => {
    const loop = await kit.open();
    const fired: number[] = [];
    const far = [2 ** 31, 2 ** 32 + 1, Number.MAX_SAFE_INTEGER, Infinity];
    const set = far.map((ms) => loop.callLater(ms, () => fired.push(ms)));
    await loop.run(() => loop.io.sleep(5));
    assert.deepEqual(fired, []);
    for (const timer of set) timer.cancel();
    await loop.run(() => loop.io.sleep(1));
    assert.deepEqual(fired, []);
  });

  add('that are cancelled do not fire', async (kit) => {
    const loop = await kit.open();
    const log: string[] = [];
    loop.callLater(1, () => log.push('a'));
    const timer = loop.callLater(1, () => log.push('b'));
    loop.callLater(1, () => log.push('c'));
    timer.cancel();
    timer.cancel();
    assert.equal(timer.cancelled, true);
    await loop.run(() => loop.io.sleep(2));
    assert.deepEqual(log, ['a', 'c']);
  });

  add('can be cancelled by one that is due at the same time', async (kit) => {
    const loop = await kit.open();
    const log: string[] = [];
    const when = loop.now() + 2;
    loop.callAt(when, () => second.cancel());
    const second = loop.callAt(when, () => log.push('second'));
    loop.callAt(when, () => log.push('third'));
    await loop.run(() => loop.io.sleep(3));
    assert.deepEqual(log, ['third']);
  });

  add('that have fired cannot be cancelled', async (kit) => {
    const loop = await kit.open();
    let count = 0;
    const timer = loop.callLater(0, () => count++);
    await loop.run(() => loop.io.sleep(1));
    timer.cancel();
    assert.equal(timer.cancelled, false);
    assert.equal(count, 1);
  });

  add('a nearer one is heard while the loop waits for a farther one', async (kit) => {
    const loop = await kit.open();
    await loop.run(function* () {
      const far = loop.callLater(60_000, () => {});
      const fired = loop.future<void>();
      setImmediate(() => loop.callLater(1, () => fired.setResult()));
      yield* fired;
      far.cancel();
    });
  });

  add('when the nearest is cancelled the next one still comes, and not early', async (kit) => {
    const loop = await kit.open();
    await loop.run(function* () {
      let cancelled = false;
      const nearest = loop.callLater(2, () => assert.equal(cancelled, false));
      const when = loop.now() + 6;
      const fired = loop.future<number>();
      loop.callAt(when, () => fired.setResult(loop.now()));
      setImmediate(() => {
        cancelled = true;
        nearest.cancel();
      });
      assert.ok((yield* fired) >= when);
    });
  });

  add('set by a timer, with no delay, come after the timers that are due', async (kit) => {
    const loop = await kit.open();
    const log: string[] = [];
    const ended = loop.future<void>();
    const when = loop.now() + 1;
    loop.callAt(when, () => {
      log.push('a');
      loop.callAt(when, () => {
        log.push('a2');
        ended.setResult();
      });
    });
    loop.callAt(when, () => log.push('b'));
    await loop.run(() => ended);
    assert.deepEqual(log, ['a', 'b', 'a2']);
  });

  add('of which half are cancelled: the others fire once each, in order', async (kit) => {
    const loop = await kit.open();
    const fired: number[] = [];
    const start = loop.now();
    const set: Timer[] = [];
    for (let i = 0; i < 2000; i++) {
      const when = start + ((i * 7919) % 2000) / 400;
      set.push(loop.callAt(when, () => fired.push(when)));
    }
    for (let i = 0; i < 2000; i += 2) set[i]?.cancel();
    await loop.run(() => loop.io.sleep(6));
    assert.equal(fired.length, 1000);
    assert.deepEqual(
      fired,
      fired.toSorted((a, b) => a - b),
    );
  });

  add('sleep is never early, and sleepers wake in the order of their deadlines', async (kit) => {
    const loop = await kit.open();
    const woken: { earliest: number; latest: number }[] = [];
    await loop.run(function* () {
      const sleepers = [6, 2, 4, 0, 3].map((ms) =>
        loop.spawn(function* () {
          const earliest = loop.now() + ms;
          const sleep = loop.io.sleep(ms);
          const latest = loop.now() + ms;
          yield* sleep;
          assert.ok(loop.now() >= earliest, `sleep(${ms}) was early`);
          woken.push({ earliest, latest });
        }),
      );
      for (const sleeper of sleepers) yield* sleeper;
    });
    for (const [i, { latest }] of woken.slice(1).entries()) {
      assert.ok((woken[i]?.earliest ?? 0) <= latest, 'a later deadline came first');
    }
    assert.equal(woken.length, 5);
  });
});
