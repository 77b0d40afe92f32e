/**
 * How many jobs of one kind share a message: found by trying. A message costs time of its own, which an answer cannot
 * tell from the time of its jobs. So there is no estimate of a job: as long as whole messages are answered soon they
 * get more jobs, and fewer once they take longer.
 *
 *   answered within SOON_MS     twice as many
 *   later than LATE_MS          half as many
 *   later than LONG_MS          one: a job of this kind can be long, and others must not wait behind it
 */
const SOON_MS = 8;
const LATE_MS = 20;
const LONG_MS = 100;
const MOST = 256;

export class BatchSize {
  /** Whether any of them has been answered. */
  known = false;
  most = 1;

  /** A message of so many jobs kept its agent busy for so long. */
  learn(jobs: number, busyMs: number): void {
    this.known = true;
    if (busyMs > LONG_MS) this.most = 1;
    else if (busyMs > LATE_MS) this.most = Math.max(1, this.most >> 1);
    else if (busyMs < SOON_MS && 2 * jobs > this.most) this.most = Math.min(MOST, 2 * this.most);
  }
}
