import type { Instrument } from '../../loop/instruments/instrument.js';
import type { Task } from '../../loop/task.js';

/**
 * A hash of everything that was scheduled, in order: which task stepped, parked or ended, and at
 * what virtual time. Two 32-bit FNV-1a lanes. http://www.isthe.com/chongo/tech/comp/fnv/
 */
export class OrderHash implements Instrument {
  private readonly clock: () => number;
  private low = 0x811c9dc5;
  private high = 0x050c5d1f;

  constructor(clock: () => number) {
    this.clock = clock;
  }

  stepped(task: Task<unknown>): void {
    this.mix(1, task.id);
    // The bits of the double: times are not whole.
    FLOAT[0] = this.clock();
    this.mix(BITS[0] as number, BITS[1] as number);
  }

  parked(task: Task<unknown>): void {
    this.mix(2, task.id);
  }

  completed(task: Task<unknown>): void {
    this.mix(3, task.id);
  }

  cancelled(task: Task<unknown>): void {
    this.mix(4, task.id);
  }

  /** 16 hex digits. */
  get value(): string {
    const hex = (lane: number): string => (lane >>> 0).toString(16).padStart(8, '0');
    return hex(this.high) + hex(this.low);
  }

  private mix(a: number, b: number): void {
    this.low = Math.imul(this.low ^ a, 0x01000193);
    this.low = Math.imul(this.low ^ b, 0x01000193);
    this.high = Math.imul(this.high ^ this.low ^ b, 0x01000193);
  }
}

const FLOAT = new Float64Array(1);
const BITS = new Uint32Array(FLOAT.buffer);
