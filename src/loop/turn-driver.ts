/**
 * Drives the scheduler from the host's macrotasks: turns in a row, then every promise reaction, then turns again, until
 * nothing is ready or the budget is spent. Then the host's IO has its turn.
 *
 *   host phase   │ setImmediate         poll          setImmediate       timer
 *   driver       │ TTT ∙ TTT ∙ TT ──▶  (host IO) ──▶  T ∙ T  sleep ────▶ T ∙
 *                  └ budget: 1 ms ┘                          until the next deadline
 *                                T = a turn, ∙ = ticks and promise reactions drain
 *
 * A row ends after 256 steps. Running reactions after every turn would cost 230 ns a turn, more than most turns take.
 * After a row they cost about 1 ns a step, and no async function waits longer than one row. When nothing is ready the
 * row ends at once; work that the reactions then make ready runs in the same macrotask.
 */
import type { CoreLoop, Driver } from './core-loop.js';
import { hostNow } from './clock.js';
import type { Scheduler } from './scheduler.js';

/** How long turns run before host IO is polled again, in ms. */
const BUDGET_MS = 1;

/** Steps in a row before promise reactions run. */
const ROW_STEPS = 256;

/** What wakes the driver at a deadline. */
export interface AlarmClock {
  /** Calls `ring` once, after `ms` whole milliseconds of the host's clock. Replaces an earlier alarm. */
  set(ms: number, ring: () => void): void;
  cancel(): void;
}

export class TurnDriver implements Driver {
  private readonly loop: CoreLoop;
  private readonly scheduler: Scheduler;
  private readonly alarm: AlarmClock;
  private live = false;
  /** Whether a row that has begun goes on. */
  private goesOn = false;
  private immediate: NodeJS.Immediate | null = null;
  private budgetEnds = 0;
  /**
   * The time that the alarm is set for. It stays set while turns run, since the next sleep mostly ends at the same
   * time.
   */
  private alarmFor = Infinity;

  constructor(loop: CoreLoop, scheduler: Scheduler, alarm: AlarmClock) {
    this.loop = loop;
    this.scheduler = scheduler;
    this.alarm = alarm;
    // The last timer was cancelled from outside while the loop sleeps: nothing is left to wait for.
    scheduler.timers.emptied = () => {
      if (scheduler.wakeUp === null) return;
      this.alarmFor = Infinity;
      alarm.cancel();
    };
  }

  start(): void {
    this.live = true;
    this.soon();
  }

  requestStop(): void {
    this.goesOn = false;
    this.scheduler.wakeUp?.();
  }

  stop(): void {
    this.live = false;
    this.goesOn = false;
    this.scheduler.wakeUp = null;
    this.alarmFor = Infinity;
    this.alarm.cancel();
    this.notSoon();
  }

  step(): void {
    this.scheduler.turn();
  }

  close(): void {
    this.alarm.cancel();
  }

  /** Runs turns now: for a driver that is called by its own event source. */
  readonly runTurns = (): void => {
    if (!this.live) return;
    this.scheduler.wakeUp = null;
    this.notSoon();
    this.budgetEnds = hostNow() + BUDGET_MS;
    this.row();
  };

  private readonly hop = (): void => process.nextTick(this.row);

  private readonly row = (): void => {
    if (!this.live) return;
    const { scheduler, loop } = this;
    this.goesOn = !loop.stopping;
    let steps = 0;
    do steps += scheduler.turn();
    while (this.goesOn && steps < ROW_STEPS && scheduler.readyCount > 0);
    if (loop.stopping) loop.stopped();
    if (!this.live) return;
    const delay = scheduler.delay();
    if (delay > 0) this.sleep(delay);
    else if (hostNow() < this.budgetEnds) afterReactions(this.hop);
    else this.soon();
  };

  /** Makes sure that `runTurns` is called in a macrotask of its own, after the host has polled IO. */
  protected soon(): void {
    this.immediate ??= setImmediate(this.runTurns);
  }

  protected notSoon(): void {
    if (this.immediate !== null) clearImmediate(this.immediate);
    this.immediate = null;
  }

  private sleep(delay: number): void {
    this.scheduler.wakeUp = this.wakeUp;
    this.scheduler.watch?.idle(delay);
    const next = this.scheduler.timers.next();
    if (next === this.alarmFor) return;
    this.alarmFor = next;
    if (next === Infinity) this.alarm.cancel();
    else this.alarm.set(wholeMs(hostNow(), delay), this.ring);
  }

  private readonly ring = (): void => {
    this.alarmFor = Infinity;
    this.runTurns();
  };

  private readonly wakeUp = (): void => {
    this.scheduler.wakeUp = null;
    // A promise reaction woke the loop within the same macrotask: continue while the budget lasts.
    if (hostNow() < this.budgetEnds) afterReactions(this.hop);
    else this.soon();
  };
}

/**
 * The host's timers count whole ms of a clock that is truncated to whole ms. To be never early and at most 1 ms late,
 * this counts from the truncated present (of `hostNow`) to the first whole ms at or after the deadline.
 */
export function wholeMs(now: number, delay: number): number {
  return Math.max(1, Math.ceil(now + delay) - Math.floor(now));
}

const resolved = Promise.resolve();

/**
 * Calls `hop` when all queued promise reactions have run, in the same macrotask. `hop` must call `process.nextTick`:
 * Node runs ticks before microtasks, but a tick that a microtask adds only when no microtask is left.
 */
export function afterReactions(hop: () => void): void {
  void resolved.then(hop);
}
