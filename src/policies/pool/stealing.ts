/**
 * Takes jobs back from workers that have more than they can begin, for workers that have none.
 *
 *   busy:  ▶ 11 │ 12 13 14 15          idle:  –
 *               └──── half ────────────────▶ 14 15
 *
 * What lies at a worker may be worth little: then messages would take longer than the work. So jobs are taken back at
 * once only if they make up WORTH_MS, by what is known of their kinds. That may be wrong, and a worker may lose its
 * core. So a timer looks every WATCH_MS at those that have jobs which they have not begun. One that has begun none in
 * the meantime is stuck. It keeps its jobs if they are long and the others are busy, too. Else all of them are taken
 * back, and it gets no others until it reacts. Each time that happens to a job doubles the patience for it: on a machine
 * where every thread gets its core late, a job would move from one to the next for ever.
 *
 * "At once" is in the next check phase, since who waits for a result may submit the next job first. Costs O(slots) for
 * each message, and O(jobs in hand) of a worker when its jobs are counted.
 */
import type { AnyJob } from './pool-job.js';
import type { Slot } from './slot.js';

const WORTH_MS = 0.05;
const WATCH_MS = 1;
/** The longest patience is 2 to that power, in looks. */
const MOST_MOVES = 8;

export class Stealing {
  private readonly slots: readonly Slot[];
  private readonly give: (slot: Slot | null, jobs: readonly AnyJob[]) => void;
  private soon: NodeJS.Immediate | null = null;
  private timer: NodeJS.Timeout | null = null;

  constructor(slots: readonly Slot[], give: (slot: Slot | null, jobs: readonly AnyJob[]) => void) {
    this.slots = slots;
    this.give = give;
  }

  /** Called when all that is queued has been handed out. */
  watch(): void {
    if (this.slots.length === 1) return;
    const hasIdle = this.slots.some(isIdle);
    for (const slot of this.slots) {
      if (slot.inFlight === 0 || !slot.hand.canTakeBack) continue;
      if (hasIdle || slot.hand.lastMs < WATCH_MS)
        this.timer ??= setTimeout(this.look, WATCH_MS).unref();
      const most = slot.inFlight / 2;
      if (!hasIdle || most < 1 || most * slot.hand.lastMs < WORTH_MS) continue;
      this.soon ??= setImmediate(this.steal);
    }
  }

  close(): void {
    clearTimeout(this.timer ?? undefined);
    clearImmediate(this.soon ?? undefined);
  }

  private readonly steal = (): void => {
    this.soon = null;
    for (const slot of this.slots) {
      const idle = this.idleFor(slot);
      if (idle === undefined) continue;
      const { hand } = slot;
      const unbegun = hand.unbegun();
      // A worker of which nothing has been heard yet is about to begin its first job.
      const spare = unbegun === hand.size ? unbegun - 1 : unbegun;
      const most = Math.ceil(spare / 2);
      if (most < 1 || most * slot.hand.lastMs < WORTH_MS) continue;
      const jobs = slot.hand.takeBack(most);
      if (jobs.length > 0) this.give(idle, jobs);
    }
  };

  private readonly look = (): void => {
    this.timer = null;
    let someWait = false;
    for (const slot of this.slots) {
      const first = slot.exclusive ? undefined : slot.hand.firstUnbegun;
      const looks = first !== undefined && first === slot.waitsFirst ? slot.looks + 1 : 0;
      slot.waitsFirst = first;
      slot.looks = looks;
      if (first === undefined) continue;
      someWait = true;
      if (looks >= 2 ** first.moves) this.takeFromStuck(slot);
    }
    if (someWait && this.timer === null) this.watch();
  };

  private takeFromStuck(slot: Slot): void {
    const idle = this.idleFor(slot);
    const isShort =
      slot.hand.lastMs < WATCH_MS && this.slots.some((one) => one !== slot && one.canTake);
    if (idle === undefined && !isShort) return;
    const jobs = slot.hand.takeBack(Infinity);
    for (const job of jobs) job.moves = Math.min(job.moves + 1, MOST_MOVES);
    slot.markStuck();
    if (jobs.length > 0) this.give(idle ?? null, jobs);
  }

  /** An idle slot; if the other one is loading a module, one that knows it can be loaded. */
  private idleFor({ loading }: Slot): Slot | undefined {
    return this.slots.find((slot) => isIdle(slot) && (loading === null || slot.knows(loading)));
  }
}

function isIdle(slot: Slot): boolean {
  return slot.canTake && slot.inFlight === 0;
}
