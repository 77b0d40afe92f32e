/** Closing a loop: what is left is cancelled, cleaned up, and reported. */
import assert from 'node:assert/strict';
import { CancelledError, LoopClosedError } from '../loop/errors.js';
import { group } from './case.js';
import { hostTurn, rejectionOf, settle, thrownBy, turns } from './helpers.js';
import { square } from './jobs.js';

export const closing = group('closing', (add) => {
  add('a loop that left nothing behind reports nothing', async (kit) => {
    const loop = await kit.open();
    await loop.run(() => loop.io.sleep(1));
    assert.deepEqual(await loop.close(), { pending: [], failures: [], abandoned: [] });
  });

  add('tasks that were pending are cancelled and reported by name, oldest first', async (kit) => {
    const loop = await kit.open();
    const future = loop.future<void>();
    const tasks = [
      loop.spawn(() => future, { name: 'waits' }),
      loop.spawn(() => loop.io.sleep(60_000), { name: 'sleeps' }),
    ];
    await settle(loop);
    tasks.push(loop.spawn(() => {}, { name: 'never began' }));
    const { pending, ...rest } = await kit.close(loop);
    assert.deepEqual(
      pending.map(({ name }) => name),
      ['waits', 'sleeps', 'never began'],
    );
    assert.match(pending[0]?.waitingFor ?? '', /future/);
    assert.match(pending[1]?.waitingFor ?? '', /sleep/);
    assert.equal(pending[2]?.waitingFor, null);
    assert.deepEqual(rest, { failures: [], abandoned: [] });
    for (const task of tasks) assert.equal(task.cancelled, true, task.name);
  });

  add('close waits for clean-up that waits', async (kit) => {
    const loop = await kit.open();
    const log: string[] = [];
    loop.spawn(
      function* () {
        try {
          yield* loop.io.sleep(60_000);
        } finally {
          yield* loop.io.sleep(2);
          yield* turns(3);
          log.push('cleaned up');
        }
      },
      { name: 'cleans up' },
    );
    await settle(loop);
    await kit.close(loop);
    assert.deepEqual(log, ['cleaned up']);
  });

  add('close waits for a task that declines, until it is done', async (kit) => {
    const loop = await kit.open();
    const task = loop.spawn(function* () {
      try {
        yield* loop.io.sleep(60_000);
      } catch (error) {
        assert.ok(error instanceof CancelledError);
      }
      yield* loop.io.sleep(2);
      return 'done all the same';
    });
    await settle(loop);
    await kit.close(loop);
    assert.equal(task.result(), 'done all the same');
  });

  add('what clean-up spawns is cancelled too', async (kit) => {
    const loop = await kit.open();
    const log: string[] = [];
    loop.spawn(function* () {
      try {
        yield* loop.io.sleep(60_000);
      } finally {
        loop.spawn(function* () {
          try {
            yield* loop.io.sleep(60_000);
          } finally {
            log.push('child');
          }
        });
        yield* turns(2);
        log.push('parent');
      }
    });
    await settle(loop);
    await kit.close(loop);
    assert.deepEqual(log.toSorted(), ['child', 'parent']);
  });

  add('what was scheduled does not run after close', async (kit) => {
    const loop = await kit.open();
    const log: string[] = [];
    loop.callSoon(() => log.push('callback'));
    loop.callLater(0, () => log.push('timer'));
    const timer = loop.callLater(1, () => log.push('timer 2'));
    await loop.close();
    timer.cancel();
    await new Promise((resolve) => setTimeout(resolve, 3));
    await hostTurn();
    assert.deepEqual(log, []);
  });

  add('closing again gives the same report', async (kit) => {
    const loop = await kit.open();
    loop.spawn(() => loop.io.sleep(60_000), { name: 'left behind' });
    await settle(loop);
    const [first, second] = await Promise.all([kit.close(loop), loop.close()]);
    assert.equal(first.pending.length, 1);
    assert.deepEqual(second, first);
    assert.deepEqual(await loop.close(), first);
  });

  add('close works on a loop that was asked to stop', async (kit) => {
    const loop = await kit.open();
    let cleaned = false;
    loop.spawn(
      function* () {
        try {
          yield* loop.io.sleep(60_000);
        } finally {
          yield* turns(5);
          yield* loop.io.sleep(1);
          cleaned = true;
        }
      },
      { name: 'cleans up' },
    );
    await settle(loop);
    loop.stop();
    const { pending } = await kit.close(loop);
    assert.equal(pending[0]?.name, 'cleans up');
    assert.equal(cleaned, true);
  });

  add('clean-up that calls stop() does not stop close', async (kit) => {
    const loop = await kit.open();
    let cleaned = false;
    loop.spawn(function* () {
      try {
        yield* loop.io.sleep(60_000);
      } finally {
        loop.stop();
        yield* turns(5);
        cleaned = true;
      }
    });
    await settle(loop);
    await kit.close(loop);
    assert.equal(cleaned, true);
    assert.equal(loop.closed, true);
  });

  add('every verb of a closed loop throws LoopClosedError', async (kit) => {
    const loop = await kit.open();
    await loop.close();
    const nothing = (): void => {};
    const throwing: Record<string, () => unknown> = {
      spawn: () => loop.spawn(nothing),
      submit: () => loop.submit(square, 2),
      callSoon: () => loop.callSoon(nothing),
      callLater: () => loop.callLater(1, nothing),
      callAt: () => loop.callAt(1, nothing),
      wake: () => loop.wake(nothing),
      stop: () => loop.stop(),
      runOnce: () => loop.runOnce(),
      sleep: () => loop.io.sleep(1),
      readFile: () => loop.io.readFile('/'),
      writeFile: () => loop.io.writeFile('/', ''),
      connect: () => loop.io.connect({ port: 1 }),
      listen: () => loop.io.listen({ port: 0 }, nothing),
    };
    for (const [verb, call] of Object.entries(throwing)) {
      assert.ok(thrownBy(call) instanceof LoopClosedError, `${verb}: ${String(thrownBy(call))}`);
    }
    for (const promise of [loop.run(nothing), loop.runForever()]) {
      assert.ok((await rejectionOf(promise)) instanceof LoopClosedError);
    }
  });

  add('a loop closes as its scope is disposed of', async (kit) => {
    const loop = await kit.open();
    await loop[Symbol.asyncDispose]();
    assert.equal(loop.closed, true);
    await loop[Symbol.asyncDispose]();
  });
});
