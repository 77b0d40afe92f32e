/**
 * `virtual`: for tests of concurrent code. The queue policy's scheduler, under a clock that jumps to
 * the next deadline whenever nothing is ready: an hour of time-outs takes no time. With a seed, what
 * is ready runs in an order drawn from it, so that other interleavings can be tried and replayed.
 * `loop.trace` is a hash of all that was scheduled: the same for the same program and seed.
 *
 * Host IO works, and the clock stands still while it lasts. When it completes is up to the host, so a
 * program with IO has the same results, but not always the same trace.
 */
import { CoreLoop } from '../../loop/core-loop.js';
import { InvalidArgumentError, quote } from '../../loop/errors.js';
import type { LoopOptions, LoopPolicy } from '../../loop/policy.js';
import { Scheduler } from '../../loop/scheduler.js';
import { HostIo } from '../host/io.js';
import { ShuffledReady } from '../queue/ready-queues.js';
import { OrderHash } from './order-hash.js';
import { VirtualClock, VirtualDriver } from './virtual-driver.js';

export interface VirtualOptions {
  /** Draws the order in which ready entries run; without one it is first in, first out. */
  seed?: number;
}

export class VirtualLoop extends CoreLoop {
  private readonly hash: OrderHash;

  constructor(options: VirtualOptions & LoopOptions) {
    const { seed, instruments = [] } = options;
    if (seed !== undefined && !Number.isSafeInteger(seed)) {
      throw new InvalidArgumentError(`seed takes a whole number, but got ${quote(seed)}`);
    }
    const clock = new VirtualClock();
    const hash = new OrderHash(clock.now);
    super(virtual, { ...options, instruments: [...instruments, hash] }, (loop, onError) => {
      const ready = seed === undefined ? undefined : new ShuffledReady(seed);
      const scheduler = new Scheduler(loop, clock.now, onError, ready);
      const io = new HostIo(scheduler);
      return { scheduler, driver: new VirtualDriver(loop, scheduler, clock, io), io };
    });
    this.hash = hash;
  }

  /** A hash of what was scheduled so far, in order: 16 hex digits. */
  get trace(): string {
    return this.hash.value;
  }
}

/** A policy whose loops have a trace of what they scheduled. */
export interface VirtualPolicy extends LoopPolicy<VirtualOptions> {
  open(options?: VirtualOptions & LoopOptions): Promise<VirtualLoop>;
}

export const virtual: VirtualPolicy = {
  name: 'virtual',
  summary: 'for tests: a clock that jumps to the next deadline, and seeded interleavings',
  // Time stands still while anything is ready, so timers do not fire while callbacks keep scheduling.
  capabilities: { fair: false, step: true, parallel: false, realTime: false },
  probe: async () => ({ ok: true }),
  open: async (options = {}) => new VirtualLoop(options),
};
