/**
 * `uv`: a libuv loop of its own. The addon in `native/` owns a private `uv_loop_t`, which does the
 * IO and the waiting; the shared scheduler decides what runs; Node's loop hosts the private one as a
 * guest (see `native/src/guest_drive.h`), so that every Node API stays usable beside it.
 *
 *   Node's loop ─▶ private uv_loop_t ─▶ records ─▶ futures ─▶ turn ─▶ write, at once
 *                  reads into slabs     one call into JS per wake
 *
 * What it saves against `node:net` and `fs`: no JS object layers per socket event, one crossing for
 * all events of a wake, no ArrayBuffer per read, one thread-pool visit per file.
 *
 * Where: Linux. A guest needs a backend fd that Node's loop can poll. On Windows there is none
 * (uv_backend_fd is -1) and `probe` says so; on macOS there is one, a kqueue, and it is expected to
 * work but is not tested.
 */
import { hostNow } from '../../loop/clock.js';
import { CoreLoop } from '../../loop/core-loop.js';
import { PolicyUnavailableError } from '../../loop/errors.js';
import type { LoopOptions, LoopPolicy } from '../../loop/policy.js';
import { Scheduler } from '../../loop/scheduler.js';
import { loadNative, type Loaded } from './binding.js';
import { UvDriver } from './uv-driver.js';
import { UvIo } from './uv-io.js';

function load(): Loaded {
  if (process.platform !== 'win32') return loadNative();
  return {
    ok: false,
    reason: 'libuv has no backend file descriptor on Windows, which a guest loop needs',
    remedy: 'use the queue policy there',
  };
}

export const uv: LoopPolicy = {
  name: 'uv',
  summary: 'a private libuv loop in a native addon, driven as a guest of Node’s',
  capabilities: { fair: true, step: true, parallel: false, realTime: true },
  async probe() {
    const loaded = load();
    return loaded.ok ? { ok: true } : loaded;
  },
  async open(options: LoopOptions = {}) {
    const loaded = load();
    if (!loaded.ok) {
      throw new PolicyUnavailableError(`the uv policy: ${loaded.reason}: ${loaded.remedy}`);
    }
    return new CoreLoop(uv, options, (loop, onError) => {
      const scheduler = new Scheduler(loop, hostNow, onError);
      const io = new UvIo(scheduler, loaded.native);
      return { scheduler, driver: new UvDriver(loop, scheduler, io), io };
    });
  },
};
