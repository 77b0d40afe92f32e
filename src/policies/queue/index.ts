/**
 * `queue`: the pure-TypeScript loop. The shared scheduler's ready ring and timer heap, driven from
 * the host's macrotasks (see `loop/turn-driver.ts`), with IO on Node's own APIs.
 */
import { hostNow } from '../../loop/clock.js';
import { CoreLoop } from '../../loop/core-loop.js';
import { InvalidArgumentError, quote } from '../../loop/errors.js';
import type { LoopOptions, LoopPolicy } from '../../loop/policy.js';
import type { ReadyQueue } from '../../loop/ring.js';
import { Scheduler } from '../../loop/scheduler.js';
import { TurnDriver } from '../../loop/turn-driver.js';
import { HostAlarm } from '../host/alarm.js';
import { HostIo } from '../host/io.js';
import { PriorityReady, ShuffledReady } from './ready-queues.js';

export interface QueueOptions {
  /**
   * The order in which ready entries run: `fifo` (the default), `priority` (the option of `spawn`, highest first), or
   * random, drawn with a seed.
   */
  strategy?: 'fifo' | 'priority' | { readonly shuffle: number };
}

export const queue: LoopPolicy<QueueOptions> = {
  name: 'queue',
  summary: 'a ready ring and a timer heap in TypeScript, turned by host macrotasks; host IO',
  capabilities: { fair: true, step: true, parallel: false, realTime: true },
  probe: async () => ({ ok: true }),
  open: async (options: QueueOptions & LoopOptions = {}) => {
    const ready = readyQueue(options.strategy);
    return new CoreLoop(queue, options, (loop, onError) => {
      const scheduler = new Scheduler(loop, hostNow, onError, ready);
      const driver = new TurnDriver(loop, scheduler, new HostAlarm());
      return { scheduler, driver, io: new HostIo(scheduler) };
    });
  },
};

function readyQueue(strategy: QueueOptions['strategy'] = 'fifo'): ReadyQueue | undefined {
  if (strategy === 'fifo') return undefined; // the scheduler's own ring
  if (strategy === 'priority') return new PriorityReady();
  const { shuffle } = (strategy ?? {}) as { shuffle?: unknown };
  if (Number.isSafeInteger(shuffle)) return new ShuffledReady(shuffle as number);
  throw new InvalidArgumentError(
    `strategy takes 'fifo', 'priority' or { shuffle: a whole number }, but got ${quote(strategy)}`,
  );
}
