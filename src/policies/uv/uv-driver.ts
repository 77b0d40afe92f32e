/**
 * Drives the scheduler from the addon's wakes: what IO made ready runs in the same wake, within one
 * call into JS. Work that is ready without IO goes through `setImmediate`, as under `queue`.
 */
import type { CoreLoop } from '../../loop/core-loop.js';
import type { Scheduler } from '../../loop/scheduler.js';
import { TurnDriver, type AlarmClock } from '../../loop/turn-driver.js';
import type { NativeLoop } from './binding.js';
import type { UvIo } from './uv-io.js';

export class UvDriver extends TurnDriver {
  private readonly io: UvIo;
  private readonly uvAlarm: UvAlarm;

  constructor(loop: CoreLoop, scheduler: Scheduler, io: UvIo) {
    const alarm = new UvAlarm(io.native);
    super(loop, scheduler, alarm);
    this.uvAlarm = alarm;
    this.io = io;
    io.listenTo((rang) => this.afterRecords(rang));
  }

  /** One turn by hand also has a look at IO. */
  override step(): void {
    this.io.poll();
    super.step();
  }

  protected afterRecords(rang: boolean): void {
    const ring = rang ? this.uvAlarm.take() : null;
    if (ring !== null) ring();
    else this.runTurns();
  }
}

/** The next deadline, as the private loop's timer. */
class UvAlarm implements AlarmClock {
  private readonly native: NativeLoop;
  private ring: (() => void) | null = null;

  constructor(native: NativeLoop) {
    this.native = native;
  }

  set(ms: number, ring: () => void): void {
    this.ring = ring;
    // An int32 crosses fastest. Where that is too short: ring early, and be set again for the rest.
    this.native.setAlarm(Math.min(ms, 0x7fffffff));
  }

  cancel(): void {
    if (this.ring === null) return;
    this.ring = null;
    this.native.setAlarm(-1);
  }

  /** What it was to call, now that it has rung; null when it was cancelled meanwhile. */
  take(): (() => void) | null {
    const { ring } = this;
    this.ring = null;
    return ring;
  }
}
