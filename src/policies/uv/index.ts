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
 * Two drives, one core (`open({ drive })`):
 *
 *   guest      Node's loop polls the private loop's backend fd; nothing ever blocks. The default.
 *   blocking   `run` stays in the private loop and hands the turn to Node's every `hostInterval` ms,
 *              and whenever there is no IO and no timer to wait for. Promises and ticks run as ever;
 *              Node's own timers, `fetch`, `fs` come up to `hostInterval` late. Between two runs
 *              nothing is served.
 *
 * Where: Linux is what is tested. macOS has a backend fd that can be polled, a kqueue, so both drives
 * are expected to work. Windows has none (`uv_backend_fd` is -1), so no guest: `probe` tries it on
 * the spot and says so; the blocking drive needs no fd. On both the addon must be built first.
 */
import { hostNow } from '../../loop/clock.js';
import { CoreLoop } from '../../loop/core-loop.js';
import { InvalidArgumentError, PolicyUnavailableError, quote } from '../../loop/errors.js';
import type { LoopOptions, LoopPolicy } from '../../loop/policy.js';
import { Scheduler } from '../../loop/scheduler.js';
import { loadNative, type Loaded } from './binding.js';
import { errorCode } from './uv-error.js';

export interface UvOptions {
  /** Who waits for IO: Node's loop, with the private one as its guest, or the private one itself. */
  drive?: 'guest' | 'blocking';
  /** Ms that a blocking drive keeps the thread before Node's loop has its turn. Default 5. */
  hostInterval?: number;
}

const HOST_INTERVAL = 5;
const LONGEST_INTERVAL = 60_000;

export const uv: LoopPolicy<UvOptions> = {
  name: 'uv',
  summary: 'a private libuv loop in a native addon, beside Node’s',
  capabilities: { fair: true, step: true, parallel: false, realTime: true },
  async probe() {
    const loaded = load('guest');
    return loaded.ok ? { ok: true } : loaded;
  },
  async open(options: UvOptions & LoopOptions = {}) {
    const { drive, interval } = checkDrive(options);
    const loaded = load(drive);
    if (!loaded.ok) {
      throw new PolicyUnavailableError(`the uv policy: ${loaded.reason}: ${loaded.remedy}`);
    }
    // Loaded here, so that nobody else pays for them.
    const { UvIo } = await import('./uv-io.js');
    const Driver =
      drive === 'guest'
        ? (await import('./uv-driver.js')).UvDriver
        : (await import('./uv-blocking-driver.js')).UvBlockingDriver;
    return new CoreLoop(uv, options, (loop, onError) => {
      const scheduler = new Scheduler(loop, hostNow, onError);
      const io = new UvIo(scheduler, loaded.native, interval);
      return { scheduler, driver: new Driver(loop, scheduler, io), io };
    });
  },
};

function load(drive: 'guest' | 'blocking'): Loaded {
  const loaded = loadNative();
  if (!loaded.ok || drive === 'blocking') return loaded;
  const error = loaded.native.probeGuest();
  if (error === 0) return loaded;
  return {
    ok: false,
    reason: `Node's loop cannot poll another here, which a guest needs (${errorCode(error)})`,
    remedy: "open it with drive: 'blocking', or use the queue policy",
  };
}

function checkDrive(options: UvOptions): { drive: 'guest' | 'blocking'; interval: number } {
  const { drive = 'guest', hostInterval } = options;
  if (drive !== 'guest' && drive !== 'blocking') {
    throw new InvalidArgumentError(
      `drive takes 'guest' or 'blocking', but got ${quote(drive)}: leave it out for 'guest'`,
    );
  }
  if (drive === 'guest') {
    if (hostInterval === undefined) return { drive, interval: 0 };
    throw new InvalidArgumentError(
      `hostInterval (${quote(hostInterval)}) is for drive: 'blocking': a guest never keeps the thread`,
    );
  }
  const interval = hostInterval ?? HOST_INTERVAL;
  if (!Number.isInteger(interval) || interval < 1 || interval > LONGEST_INTERVAL) {
    throw new InvalidArgumentError(
      `hostInterval takes whole milliseconds from 1 to ${LONGEST_INTERVAL}, but got ${quote(hostInterval)}`,
    );
  }
  return { drive, interval };
}
