/** What waits until it is cancelled: it counts what has begun and what has cleaned up. */
import assert from 'node:assert/strict';
import {
  Event,
  type Future,
  Lock,
  type Loop,
  Queue,
  type Coroutine,
  firstCompleted,
  gather,
  taskGroup,
  timeout,
  wait,
} from 'loopdyno';
import type { Blocked, Leaf, Pause } from './program.js';

export function* pausing(loop: Loop, { ms, turns }: Pause): Coroutine<void> {
  if (ms !== null) yield* loop.io.sleep(ms);
  for (let i = 0; i < turns; i++) yield;
}

function leaves(blocked: Blocked): number {
  if ('cleanUp' in blocked) return 1;
  if ('part' in blocked) return leaves(blocked.part);
  return blocked.parts.reduce((sum, part) => sum + leaves(part), 0);
}

export class Scope {
  private readonly loop: Loop;
  private began = 0;
  private cleaned = 0;
  private expected = Infinity;
  private readonly all: Event;

  constructor(loop: Loop) {
    this.loop = loop;
    this.all = new Event(loop);
  }

  /** Waits until every leaf waits. */
  *allBegan(blocked: Blocked): Coroutine<void> {
    this.expected = leaves(blocked);
    if (this.began < this.expected) yield* this.all.wait();
  }

  /** All that began has cleaned up. */
  assertClean(): void {
    assert.equal(this.cleaned, this.began, 'something had not cleaned up yet');
  }

  *leaf(on: Future<unknown>, cleanUp: Pause): Coroutine<unknown> {
    if (++this.began === this.expected) this.all.set();
    try {
      return yield* on;
    } finally {
      yield* pausing(this.loop, cleanUp);
      this.cleaned++;
    }
  }
}

function endless(loop: Loop, on: Leaf['on']): Future<unknown> {
  const queue = new Queue<number>(loop, { maxSize: 1 });
  const lock = new Lock(loop);
  switch (on) {
    case 'sleep':
      return loop.io.sleep(60_000);
    case 'future':
      return loop.future();
    case 'lock':
      void lock.acquire();
      return lock.acquire();
    case 'event':
      return new Event(loop).wait();
    case 'get':
      return queue.get();
    case 'put':
      queue.tryPut(1);
      return queue.put(2);
  }
}

export function* block(loop: Loop, blocked: Blocked, scope: Scope): Coroutine<unknown> {
  if ('cleanUp' in blocked) {
    return yield* scope.leaf(endless(loop, blocked.on), blocked.cleanUp);
  }
  if ('part' in blocked) {
    const job = (): Coroutine<unknown> => block(loop, blocked.part, scope);
    if (blocked.on === 'join') return yield* loop.spawn(job);
    if (blocked.on === 'timeout') return yield* timeout(loop, 50_000, job);
    try {
      return yield* job();
    } finally {
      yield;
    }
  }
  const jobs = blocked.parts.map((part) => () => block(loop, part, scope));
  if (blocked.on === 'gather') return yield* gather(loop, jobs);
  if (blocked.on === 'firstCompleted') return yield* firstCompleted(loop, jobs);
  if (blocked.on === 'group') {
    return yield* taskGroup(loop, (tasks) => {
      for (const job of jobs) tasks.spawn(job);
    });
  }
  // wait leaves what it waits for alone, so the coroutine itself ends it.
  const tasks = jobs.map((job) => loop.spawn(job));
  try {
    return yield* wait(loop, tasks);
  } finally {
    for (const task of tasks) task.cancel();
    yield* wait(loop, tasks);
  }
}
