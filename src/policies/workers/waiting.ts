/**
 * How an idle thread waits for its next message: it looks at the cell that counts messages for a while, and then blocks
 * in `Atomics.wait`, until the pool increments the cell.
 *
 *   idle ──▶ spin, up to SPIN_MS ──▶ Atomics.wait ──▶ a message
 *
 * To be woken by the kernel takes tens of µs, and to wake a thread costs the pool about as much. A job that comes right
 * after the last one finds the thread awake, and both save that. Where it does not help, the thread soon stops to try:
 * each spin that finds no message doubles the time until the next one, and each that finds one halves it. If the thread
 * loses its core while it spins, somebody else needs that core, and the next spin is far off.
 *
 * So an idle pool spins once and then sleeps, and where messages come too late for it, spinning takes SPIN_MS out of
 * MOST_PAUSE_MS, a thousandth of the time.
 */
import { hostNow } from '../../loop/clock.js';

/** Somewhat longer than a pool takes from a result to the next job. */
const SPIN_MS = 0.05;
/** Between two readings of the clock. They take less than 1 µs, unless the thread has lost its core. */
const LOOKS = 50;
const LOST_CORE_MS = 0.1;
const LEAST_PAUSE_MS = 0.2;
const MOST_PAUSE_MS = 50;

export class Waiting {
  private readonly cell: Int32Array;
  private seen = 0;
  private pauseMs = 0;
  private pausedUntil = 0;

  /** `cell` has one element. */
  constructor(cell: Int32Array) {
    this.cell = cell;
  }

  /** Returns once more messages have been sent than at its last return. What is sent later is never missed. */
  wait(): void {
    const { cell, seen } = this;
    if (Atomics.load(cell, 0) === seen) {
      const began = hostNow();
      if (began >= this.pausedUntil) this.spin(began);
      Atomics.wait(cell, 0, seen);
    }
    this.seen = Atomics.load(cell, 0);
  }

  private spin(began: number): void {
    const { cell, seen } = this;
    let found = false;
    let now = began;
    let last: number;
    do {
      for (let i = 0; i < LOOKS && !found; i++) found = Atomics.load(cell, 0) !== seen;
      last = now;
      now = hostNow();
    } while (!found && now - began < SPIN_MS);
    if (now - last > LOST_CORE_MS) this.pauseMs = MOST_PAUSE_MS;
    else if (!found) this.pauseMs = Math.min(2 * this.pauseMs + LEAST_PAUSE_MS, MOST_PAUSE_MS);
    else this.pauseMs = this.pauseMs > LEAST_PAUSE_MS ? this.pauseMs / 2 : 0;
    this.pausedUntil = now + this.pauseMs;
  }
}
