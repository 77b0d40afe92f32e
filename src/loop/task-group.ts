/**
 * Structured concurrency: a group of tasks that does not outlive its block.
 *
 *   taskGroup(loop, function* (group) {      done when the body and every task have ended;
 *     group.spawn(a);                        when one fails, the others are cancelled and have
 *     group.spawn(b);                        cleaned up before the errors come as one
 *   })                                       AggregateError
 */
import { CancelledError, InvalidStateError } from './errors.js';
import type { Future, Waiter } from './future.js';
import { LinkedList, type Link } from './linked-list.js';
import type { Coroutine, Job, Loop, SpawnOptions } from './policy.js';
import type { Task } from './task.js';

export type GroupBody<T> = (group: TaskGroup, loop: Loop) => Coroutine<T> | PromiseLike<T> | T;

/** Runs `body` as the first task of a group and gives its result once the whole group has ended. */
export function taskGroup<T>(loop: Loop, body: GroupBody<T>): Task<T> {
  return loop.spawn(() => wholeGroup(loop, body), { name: 'task group' });
}

function* wholeGroup<T>(loop: Loop, body: GroupBody<T>): Coroutine<T> {
  const group = new TaskGroup(loop);
  const main = group.spawn(() => body(group, loop), { name: 'the body of a task group' });
  let cancelled: CancelledError | null = null;
  for (let empty = group.empty(); !empty.done; empty = group.empty()) {
    try {
      yield* empty;
    } catch (error) {
      cancelled = error as CancelledError; // ours: nothing else cancels this future
      group.abort(cancelled.message);
    }
  }
  group.close();
  if (group.errors.length > 0) {
    throw new AggregateError(
      group.errors,
      `${group.errors.length} of the tasks of a group failed: ${group.errors.join('; ')}`,
    );
  }
  if (cancelled !== null) throw cancelled;
  return main.result();
}

export class TaskGroup {
  /** @internal in the order in which they came */
  readonly errors: unknown[] = [];
  private readonly loop: Loop;
  private readonly members = new LinkedList<Member>();
  private waiting: Future<void> | null = null;
  private state: 'open' | 'aborting' | 'closed' = 'open';

  /** Made by `taskGroup()`. */
  constructor(loop: Loop) {
    this.loop = loop;
  }

  /** Like `loop.spawn`, within the group. Refused once the group is being cancelled or has ended. */
  spawn<T>(job: Job<T>, options?: SpawnOptions): Task<T> {
    if (this.state !== 'open') {
      const why = this.state === 'closed' ? 'has ended' : 'is being cancelled';
      throw new InvalidStateError(
        `a task cannot be spawned in a group that ${why}: spawn it while the body runs, or on the loop`,
      );
    }
    const task = this.loop.spawn(job, options);
    const member = new Member(this, task as Task<unknown>);
    this.members.add(member);
    task.wait(member);
    return task;
  }

  /** @internal done when no member is left */
  empty(): Future<void> {
    this.waiting = this.loop.future<void>();
    if (this.members.isEmpty) this.waiting.setResult();
    return this.waiting;
  }

  /** @internal */
  abort(message?: string): void {
    this.state = 'aborting';
    for (const { task } of this.members.copy()) task.cancel(message);
  }

  /** @internal */
  close(): void {
    this.state = 'closed';
  }

  /** @internal */
  ended(member: Member): void {
    const { task } = member;
    this.members.remove(member);
    if (task.hasError) {
      this.errors.push(task.failure());
      if (this.state === 'open') this.abort('another task of its group failed');
    }
    if (this.members.isEmpty) this.waiting?.offer();
  }
}

class Member implements Link, Waiter {
  older: Link | null = null;
  newer: Link | null = null;
  readonly task: Task<unknown>;
  private readonly group: TaskGroup;

  constructor(group: TaskGroup, task: Task<unknown>) {
    this.group = group;
    this.task = task;
  }

  settled(): void {
    this.group.ended(this);
  }
}
