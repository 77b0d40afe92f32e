/**
 * `queue`: the pure-TypeScript loop. The shared scheduler's ready ring and timer heap, driven from
 * the host's macrotasks (see `loop/turn-driver.ts`), with IO on Node's own APIs.
 */
import { CoreLoop } from '../../loop/core-loop.js';
import type { LoopOptions, LoopPolicy } from '../../loop/policy.js';
import { Scheduler } from '../../loop/scheduler.js';
import { TurnDriver } from '../../loop/turn-driver.js';
import { HostAlarm } from '../host-alarm.js';
import { HostIo } from '../host-io.js';

export const queue: LoopPolicy = {
  name: 'queue',
  summary: 'a ready ring and a timer heap in TypeScript, turned by host macrotasks; host IO',
  capabilities: { fair: true, step: true, parallel: false },
  probe: async () => ({ ok: true }),
  open: async (options: LoopOptions = {}) =>
    new CoreLoop(queue, options, (loop, onError) => {
      const scheduler = new Scheduler(loop, () => performance.now(), onError);
      const driver = new TurnDriver(loop, scheduler, new HostAlarm());
      return { scheduler, driver, io: new HostIo(scheduler) };
    }),
};
