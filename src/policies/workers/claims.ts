/**
 * Which of its jobs a thread may begin. A job that was sent lies in the thread's port until the thread is free; here,
 * in shared memory, the pool can still take it back, and neither side waits for the other.
 *
 *                          ┌─ thread: claim(5) ─▶ true: it begins
 *   pool: offer(5) ─▶ cell ┤
 *                          └─ pool: claim(5) ───▶ true: the thread will never begin it
 *
 * Who comes first wins; the other one gets false. A cell holds the number of its job, so that a late message about an
 * old job does not claim a new one. Of the jobs that have not begun no two are CLAIMS apart (`Hand.room`): so no two
 * share a cell.
 */
import { MOST_IN_HAND } from '../pool/protocol.js';

/** A power of two. */
export const CLAIMS = MOST_IN_HAND;
const NONE = -1;

export class Claims {
  private readonly cells: Int32Array;

  constructor(cells: Int32Array) {
    this.cells = cells;
  }

  offer(seq: number): void {
    Atomics.store(this.cells, seq & (CLAIMS - 1), seq | 0);
  }

  claim(seq: number): boolean {
    return Atomics.compareExchange(this.cells, seq & (CLAIMS - 1), seq | 0, NONE) === (seq | 0);
  }

  /** Nobody has claimed it yet. */
  offered(seq: number): boolean {
    return Atomics.load(this.cells, seq & (CLAIMS - 1)) === (seq | 0);
  }
}
