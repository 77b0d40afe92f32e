/** Runs a program of `program.ts`, with the loop's own verbs throughout. */
import assert from 'node:assert/strict';
import {
  CancelledError,
  Event,
  type Future,
  Lock,
  type Loop,
  Queue,
  Semaphore,
  TimeoutError,
  asCompleted,
  type Coroutine,
  firstCompleted,
  gather,
  shield,
  taskGroup,
  timeout,
  wait,
} from 'loopdyno';
import { block, pausing, Scope } from './blocked.js';
import type { Program } from './program.js';

class Boom extends Error {}

const LONG = 60_000;

/** The observable outcome: `{ value }`, or `{ error }` as words. */
export function* outcome(loop: Loop, program: Program): Coroutine<unknown> {
  try {
    return { value: yield* interpret(loop, program) };
  } catch (error) {
    return { error: inWords(error) };
  }
}

function inWords(error: unknown): unknown {
  if (error instanceof AggregateError) return sorted(error.errors.map(inWords));
  if (error instanceof Boom) return error.message;
  if (error instanceof CancelledError || error instanceof TimeoutError) return error.name;
  throw error; // a fault of the loop's, or of the interpreter's
}

function sorted(list: readonly unknown[]): unknown[] {
  return list.map((one) => JSON.stringify(one)).toSorted();
}

function* interpret(loop: Loop, program: Program): Coroutine<unknown> {
  const jobs = (parts: readonly Program[]) => parts.map((part) => () => interpret(loop, part));
  const outcomes = (parts: readonly Program[]) => parts.map((part) => () => outcome(loop, part));
  switch (program.do) {
    case 'value':
      return program.value;
    case 'fail':
      throw new Boom(`boom ${program.tag}`);
    case 'sleep':
      yield* loop.io.sleep(program.ms);
      return null;
    case 'yield':
      for (let i = 0; i < program.times; i++) yield;
      return null;
    case 'sequence': {
      const values: unknown[] = [];
      for (const part of program.parts) values.push(yield* interpret(loop, part));
      return values;
    }
    case 'catch':
      return yield* outcome(loop, program.part);
    case 'finally':
      try {
        return yield* interpret(loop, program.part);
      } finally {
        yield* pausing(loop, program.cleanUp);
      }
    case 'async': {
      const task = loop.spawn(() => interpret(loop, program.part));
      return yield* loop.spawn(async () => [await task]);
    }
    case 'spawn': {
      const background = loop.spawn(() => outcome(loop, program.background));
      const foreground = yield* outcome(loop, program.foreground);
      return [foreground, yield* background];
    }
    case 'gather': {
      const futures = jobs(program.parts).map((job) => loop.spawn(job));
      const { returnErrors } = program;
      if (returnErrors) return (yield* gather(loop, futures, { returnErrors })).map(plain);
      try {
        return yield* gather(loop, futures);
      } catch (error) {
        // Which is first is a matter of the interleaving; it must be one of them, the others go on.
        if (futures.length > 0) yield* wait(loop, futures);
        assert.ok(futures.some((one) => failureOf(one) === error));
        return sorted(futures.map((one) => inWords(failureOf(one) ?? new Boom('none'))));
      }
    }
    case 'wait': {
      const futures = outcomes(program.parts).map((job) => loop.spawn(job));
      const { until, ms } = program;
      const { done, pending } = yield* wait(loop, futures, {
        until,
        ...(ms === null ? {} : { timeout: ms }),
      });
      assert.equal(done.size + pending.size, futures.length);
      if (ms === null) assert.ok(until === 'first' ? done.size > 0 : pending.size === 0);
      return yield* gather(loop, futures);
    }
    case 'asCompleted': {
      const seen: unknown[] = [];
      for (const next of asCompleted(loop, outcomes(program.parts))) seen.push(yield* next);
      return sorted(seen);
    }
    case 'firstCompleted': {
      const scope = new Scope(loop);
      const rivals = program.against.map((one) => () => block(loop, one, scope));
      const items = [...rivals, () => interpret(loop, program.runner)];
      try {
        return yield* firstCompleted<unknown>(loop, items);
      } finally {
        scope.assertClean();
      }
    }
    case 'allCompleted': {
      const n = program.parts.length;
      return sorted(
        yield* firstCompleted<unknown>(loop, jobs(program.parts), n, { ignoreErrors: true }),
      );
    }
    case 'inTime':
      return yield* timeout(loop, LONG, () => interpret(loop, program.part));
    case 'late': {
      const scope = new Scope(loop);
      try {
        return yield* timeout(loop, program.ms, () => block(loop, program.part, scope));
      } finally {
        scope.assertClean();
      }
    }
    case 'cancel': {
      const scope = new Scope(loop);
      const task = loop.spawn(() => block(loop, program.part, scope));
      yield* scope.allBegan(program.part);
      assert.equal(task.cancel(), true);
      try {
        yield* task;
      } catch (error) {
        scope.assertClean();
        assert.equal(task.cancelled, true);
        return inWords(error);
      }
      return 'not cancelled';
    }
    case 'shield': {
      const gate = loop.future<void>();
      const inner = loop.spawn(function* () {
        yield* gate;
        return yield* outcome(loop, program.part);
      });
      const waiting = loop.spawn(() => shield(loop, inner));
      while (waiting.waitingFor === null) yield;
      waiting.cancel();
      const gone = yield* outcomeOf(waiting);
      gate.setResult();
      return [inWords(gone), yield* inner];
    }
    case 'group':
      return yield* taskGroup(loop, (tasks) => {
        const all = outcomes(program.parts).map((job) => tasks.spawn(job));
        return gather(loop, all);
      });
    case 'failingGroup': {
      const scope = new Scope(loop);
      try {
        return yield* taskGroup(loop, function* (tasks) {
          for (const one of program.against) tasks.spawn(() => block(loop, one, scope));
          throw new Boom(JSON.stringify(yield* outcome(loop, program.part)));
        });
      } finally {
        scope.assertClean();
      }
    }
    case 'semaphore': {
      const { permits, parts } = program;
      const semaphore = permits === 1 ? new Lock(loop) : new Semaphore(loop, permits);
      let inside = 0;
      const guarded = parts.map(
        (part) => () =>
          semaphore.hold(function* () {
            assert.ok(++inside <= permits);
            try {
              return yield* interpret(loop, part);
            } finally {
              inside--;
            }
          }),
      );
      const values = yield* gather(loop, guarded, { returnErrors: true });
      assert.equal(semaphore.locked, false);
      return values.map(plain);
    }
    case 'queue':
      return yield* throughQueue(loop, program);
  }
}

/** Every item goes through, once, though some getters are cancelled at any moment. */
function* throughQueue(
  loop: Loop,
  { maxSize, producers, consumers, victims }: Program & { do: 'queue' },
): Coroutine<unknown> {
  const queue = new Queue<number>(loop, maxSize === null ? {} : { maxSize });
  const got: number[] = [];
  const started = new Event(loop);
  const producing = producers.map(
    (pause, p) => () =>
      (function* (): Coroutine<void> {
        yield* started.wait();
        for (let i = 0; i < 5; i++) {
          yield* queue.put(p * 100 + i);
          if (i % 2 === p % 2) yield* pausing(loop, pause);
        }
      })(),
  );
  const consuming = consumers.map((pause) =>
    loop.spawn(function* () {
      for (;;) {
        const item = yield* queue.get();
        if (item < 0) return;
        got.push(item);
        queue.taskDone();
        yield* pausing(loop, pause);
      }
    }),
  );
  const losing = victims.map((pause) => {
    const victim = loop.spawn(() => timeout(loop, LONG, queue.get()));
    const cancelling = loop.spawn(function* () {
      yield* started.wait();
      yield* pausing(loop, pause);
      victim.cancel();
    });
    return { victim, cancelling };
  });
  started.set();
  yield* gather(loop, producing);
  for (const { victim, cancelling } of losing) {
    yield* cancelling;
    const end = yield* outcomeOf(victim);
    if (typeof end === 'number') {
      got.push(end);
      queue.taskDone();
    } else assert.ok(end instanceof CancelledError, String(end));
  }
  yield* queue.join();
  for (const _ of consumers) yield* queue.put(-1);
  yield* gather(loop, consuming);
  assert.equal(queue.size, 0);
  if (consumers.length === 1 && victims.length === 0) {
    for (const [p] of producers.entries()) {
      const own = got.filter((item) => Math.floor(item / 100) === p);
      assert.deepEqual(
        own,
        [0, 1, 2, 3, 4].map((i) => p * 100 + i),
        'first in, first out',
      );
    }
  }
  return got.toSorted((a, b) => a - b);
}

function* outcomeOf(future: Future<unknown>): Coroutine<unknown> {
  try {
    return yield* future;
  } catch (error) {
    return error;
  }
}

function failureOf(future: Future<unknown>): unknown {
  try {
    return future.error();
  } catch (error) {
    return error;
  }
}

function plain(value: unknown): unknown {
  return value instanceof Error ? inWords(value) : { value };
}
