/**
 * Instruments watch a loop at work. All hooks are optional; a loop without instruments pays one
 * comparison with null per step.
 *
 *   spawned ─▶ stepped ─▶ parked ─▶ stepped ─▶ … ─▶ completed | cancelled        per task
 *   turnStarted ─▶ (steps) ─▶ turnEnded ─▶ idle ─▶ turnStarted …                 per turn
 *
 * Hooks are called in the middle of scheduling: they must be quick, must not throw and must not
 * change anything. The microtask policies have no turns and do not know when they are idle.
 */
import type { Future } from '../future.js';
import type { Task } from '../task.js';

export interface Instrument {
  spawned?(task: Task<unknown>): void;
  /** A step has run. Times are in ms of `performance.now()`, whatever clock the loop has. */
  stepped?(task: Task<unknown>, began: number, ended: number): void;
  /** The task's step ended by waiting for `on`. */
  parked?(task: Task<unknown>, on: Future<unknown>): void;
  /** The task has a result or an error. */
  completed?(task: Task<unknown>): void;
  /** The task has ended as cancelled. */
  cancelled?(task: Task<unknown>): void;
  /** A turn begins; `ready` is the number of entries that are ready. */
  turnStarted?(ready: number): void;
  turnEnded?(): void;
  /** Nothing is ready; the next timer is due in `ms`, or Infinity. */
  idle?(ms: number): void;
}

type Hooks = { readonly [H in keyof Instrument]-?: NonNullable<Instrument[H]>[] };

/** Several instruments as one, each called only for the hooks that it has. */
export class Instruments implements Required<Instrument> {
  private readonly hooks: Hooks;

  constructor(all: readonly Instrument[]) {
    const of = <H extends keyof Instrument>(hook: H) =>
      all.flatMap((one) => {
        const own = one[hook];
        return own === undefined ? [] : [own.bind(one) as NonNullable<Instrument[H]>];
      });
    this.hooks = {
      spawned: of('spawned'),
      stepped: of('stepped'),
      parked: of('parked'),
      completed: of('completed'),
      cancelled: of('cancelled'),
      turnStarted: of('turnStarted'),
      turnEnded: of('turnEnded'),
      idle: of('idle'),
    };
  }

  spawned(task: Task<unknown>): void {
    for (const hook of this.hooks.spawned) hook(task);
  }

  stepped(task: Task<unknown>, began: number, ended: number): void {
    for (const hook of this.hooks.stepped) hook(task, began, ended);
  }

  parked(task: Task<unknown>, on: Future<unknown>): void {
    for (const hook of this.hooks.parked) hook(task, on);
  }

  completed(task: Task<unknown>): void {
    for (const hook of this.hooks.completed) hook(task);
  }

  cancelled(task: Task<unknown>): void {
    for (const hook of this.hooks.cancelled) hook(task);
  }

  turnStarted(ready: number): void {
    for (const hook of this.hooks.turnStarted) hook(ready);
  }

  turnEnded(): void {
    for (const hook of this.hooks.turnEnded) hook();
  }

  idle(ms: number): void {
    for (const hook of this.hooks.idle) hook(ms);
  }
}
