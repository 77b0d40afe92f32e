/** Bad input, and errors that have no caller: named classes that quote the value, and no silence. */
import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import {
  CancelledError,
  InvalidArgumentError,
  InvalidDelayError,
  InvalidJobError,
  InvalidYieldError,
  LoopdynoError,
  SelfAwaitError,
} from '../loop/errors.js';
import type { Coroutine } from '../loop/policy.js';
import type { Task } from '../loop/task.js';
import { group } from './case.js';
import { rejectionOf, settle, thrownBy, turns } from './helpers.js';

const NO_DELAYS = [-1, -Infinity, NaN, undefined, null, '5', {}, 5n];

export const errors = group('errors', (add) => {
  add('a callback that throws is reported, and the others run', async (kit) => {
    const loop = await kit.open();
    const error = new Error('mine');
    const log: string[] = [];
    loop.callSoon(() => log.push('before'));
    loop.callSoon(() => {
      throw error;
    });
    loop.callSoon(() => log.push('after'));
    await settle(loop);
    assert.deepEqual(log, ['before', 'after']);
    assert.deepEqual(
      kit.takeErrors().map((reported) => reported.error),
      [error],
    );
  });

  add('a timer that throws is reported, and the others fire', async (kit) => {
    const loop = await kit.open();
    const when = loop.now() + 1;
    const log: string[] = [];
    loop.callAt(when, () => {
      throw new Error('timer');
    });
    loop.callAt(when, () => log.push('after'));
    await loop.run(() => loop.io.sleep(2));
    assert.deepEqual(log, ['after']);
    assert.deepEqual(
      kit.takeErrors().map(({ error, what }) => [String(error), typeof what]),
      [['Error: timer', 'string']],
    );
  });

  add('a done callback that throws is reported, and the others are called', async (kit) => {
    const loop = await kit.open();
    const future = loop.future<void>();
    let called = false;
    future.onDone(() => {
      throw new Error('done callback');
    });
    future.onDone(() => (called = true));
    future.setResult();
    await settle(loop);
    assert.equal(called, true);
    assert.deepEqual(
      kit.takeErrors().map(({ error }) => String(error)),
      ['Error: done callback'],
    );
  });

  add('a loop takes functions as callbacks, and nothing else', async (kit) => {
    const loop = await kit.open();
    for (const wrong of [undefined, null, 5, 'text', {}]) {
      const callback = wrong as never;
      assert.throws(() => loop.callSoon(callback), InvalidArgumentError);
      assert.throws(() => loop.callLater(1, callback), InvalidArgumentError);
      assert.throws(() => loop.callAt(loop.now(), callback), InvalidArgumentError);
      assert.throws(() => loop.wake(callback), InvalidArgumentError);
    }
    await loop.run(() => loop.io.sleep(2));
  });

  add('delays are numbers from zero; the error quotes what was given', async (kit) => {
    const loop = await kit.open();
    const nothing = (): void => {};
    for (const wrong of NO_DELAYS) {
      const ms = wrong as number;
      for (const call of [
        () => loop.callLater(ms, nothing),
        () => loop.callAt(ms, nothing),
        () => loop.io.sleep(ms),
      ]) {
        const error = thrownBy(call);
        assert.ok(error instanceof InvalidDelayError, `${inspect(wrong)}: ${String(error)}`);
        assert.ok(error.message.includes(inspect(wrong)), error.message);
      }
    }
  });

  add('a job is a function: not what it returns, nor anything else', async (kit) => {
    const loop = await kit.open();
    const coroutine = function* (): Coroutine<void> {
      yield;
    };
    for (const wrong of [undefined, null, 5, 'text', {}, coroutine(), Promise.resolve()]) {
      const job = wrong as never;
      assert.throws(() => loop.spawn(job), InvalidJobError);
      assert.ok((await rejectionOf(loop.run(job))) instanceof InvalidJobError);
    }
    assert.equal(loop.running, false);
  });

  add('yielding what is no future throws InvalidYieldError there', async (kit) => {
    const loop = await kit.open();
    for (const wrong of [5, 'text', null, {}, [], Promise.resolve(), () => 1]) {
      const caught = await loop.run(function* () {
        try {
          yield wrong as never;
        } catch (error) {
          yield* turns(2);
          return error;
        }
        return 'nothing was thrown';
      });
      assert.ok(caught instanceof InvalidYieldError, String(caught));
    }
  });

  add(
    'a coroutine that does not catch it fails with it; the hint for a promise is adopt',
    async (kit) => {
      const loop = await kit.open();
      const error = await rejectionOf(
        loop.run(function* () {
          yield Promise.resolve() as never;
        }),
      );
      assert.ok(error instanceof InvalidYieldError);
      assert.match(error.message, /adopt/);
    },
  );

  add('a task that waits for itself gets SelfAwaitError', async (kit) => {
    const loop = await kit.open();
    const error = await rejectionOf(
      loop.run(function* (_loop, self): Coroutine<unknown> {
        return yield* self;
      }),
    );
    assert.ok(error instanceof SelfAwaitError);
  });

  add('tasks that wait for each other in a circle: the one that closes it is told', async (kit) => {
    const loop = await kit.open();
    const tasks: Task<unknown>[] = [];
    const link = (to: number) =>
      function* (): Coroutine<unknown> {
        yield;
        return yield* tasks[to] as Task<unknown>;
      };
    for (const to of [1, 2, 0]) tasks.push(loop.spawn(link(to), { name: `waits for ${to}` }));
    const error = await rejectionOf(loop.run(() => tasks[0] as Task<unknown>));
    assert.ok(error instanceof SelfAwaitError);
    assert.match(error.message, /waits for 0.*through.*waits for 1/);
    for (const task of tasks) assert.equal(task.error(), error);
  });

  add('adopt takes a promise, and nothing else', async (kit) => {
    const loop = await kit.open();
    for (const wrong of [undefined, null, 5, 'text', {}, () => 1]) {
      assert.throws(() => loop.adopt(wrong as never), InvalidArgumentError);
    }
  });

  add('addresses are checked, at once or through the future', async (kit) => {
    const loop = await kit.open();
    const wrong = [{ port: -1 }, { port: 65_536 }, { port: NaN }, { port: 1.5 }, {}, undefined];
    for (const address of wrong as { port: number }[]) {
      const connecting = loop.run(async () => loop.io.connect(address));
      assert.ok((await rejectionOf(connecting)) instanceof InvalidArgumentError);
      const listening = loop.run(async () => loop.io.listen(address, () => {}));
      assert.ok((await rejectionOf(listening)) instanceof InvalidArgumentError);
    }
  });

  add('listen takes a handler', async (kit) => {
    const loop = await kit.open();
    for (const handler of [undefined, null, {}]) {
      const listening = loop.run(async () => loop.io.listen({ port: 0 }, handler as never));
      assert.ok((await rejectionOf(listening)) instanceof InvalidArgumentError);
    }
  });

  add('every error has its class as its name', async (kit) => {
    const loop = await kit.open();
    const found = [
      thrownBy(() => loop.callLater(-1, () => {})),
      thrownBy(() => loop.spawn(5 as never)),
      thrownBy(() => loop.future().result()),
      new CancelledError(),
    ];
    const names = found.map((error) =>
      error instanceof LoopdynoError ? error.name : String(error),
    );
    assert.deepEqual(names, [
      'InvalidDelayError',
      'InvalidJobError',
      'InvalidStateError',
      'CancelledError',
    ]);
  });
});
