/**
 * How many messages an agent may have in hand: as many as it can begin, and no more, since what it holds nobody else
 * can take.
 *
 *   messages take long     one for each slot
 *   they are short         two for each slot: one runs, and the next is there when it ends
 *   they wait              its processors are idle though it has work, so it takes more, up to `concurrency`
 */

/** A message that takes longer, in ms, is not worth preparing the next one for. */
const SHORT_MS = 20;
/** The weight of the newest observation. */
const WEIGHT = 0.25;
/** Below this share of its slots' time an agent is idle. */
const IDLE = 0.5;
export const LOOK_MS = 20;

export class Holding {
  private readonly slots: number;
  private readonly most: number;
  private messageMs = Infinity;
  private factor = 1;
  private lookedAt = performance.now();
  private cpu = process.cpuUsage();

  constructor(slots: number, most: number) {
    this.slots = slots;
    this.most = most;
  }

  get limit(): number {
    const base = this.messageMs < SHORT_MS ? 2 * this.slots : this.slots;
    return Math.min(Math.max(this.most, this.slots), base * this.factor);
  }

  /** A message took so long. */
  learn(ms: number): void {
    this.messageMs =
      this.messageMs === Infinity ? ms : this.messageMs + WEIGHT * (ms - this.messageMs);
  }

  /** Looks, with so many messages in hand, how busy the processors were. */
  look(held: number): void {
    const now = performance.now();
    const { user, system } = process.cpuUsage(this.cpu);
    const busy = (user + system) / 1000 / (this.slots * (now - this.lookedAt));
    this.lookedAt = now;
    this.cpu = process.cpuUsage();
    if (busy > IDLE) this.factor = Math.max(1, this.factor / 2);
    else if (held >= this.limit && this.limit < this.most) this.factor *= 2;
  }
}
