/**
 * `microtask`: what Node does by itself. V8's microtask queue is the ready queue; the host does timers and IO. It is
 * the reference that the other policies are compared with.
 *
 * Limits: it cannot be stepped (V8 drains its queue to the end), and it is not fair: a callback that schedules itself
 * again and again keeps timers and IO waiting for ever.
 */
import { hostNow } from '../../loop/clock.js';
import { CoreLoop } from '../../loop/core-loop.js';
import type { LoopOptions, LoopPolicy } from '../../loop/policy.js';
import { HostIo } from '../host/io.js';
import { MicrotaskScheduler } from './microtask-scheduler.js';

export const microtask: LoopPolicy = {
  name: 'microtask',
  summary: "V8's microtask queue is the ready queue; host timers and IO",
  capabilities: { fair: false, step: false, parallel: false, realTime: true },
  probe: async () => ({ ok: true }),
  open: async (options: LoopOptions = {}) =>
    new CoreLoop(microtask, options, (loop, onError) => {
      const scheduler = new MicrotaskScheduler(loop, hostNow, onError);
      return { scheduler, driver: scheduler, io: new HostIo(scheduler) };
    }),
};
