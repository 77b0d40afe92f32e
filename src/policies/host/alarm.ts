import type { AlarmClock } from '../../loop/turn-driver.js';

/** An alarm clock on the host's `setTimeout`. */
export class HostAlarm implements AlarmClock {
  private timeout: NodeJS.Timeout | null = null;

  set(ms: number, ring: () => void): void {
    this.cancel();
    // Longer than setTimeout can count: ring early, and be set again for the rest.
    this.timeout = setTimeout(ring, Math.min(ms, 0x7fffffff));
  }

  /** Whether it keeps the process alive. */
  hold(on: boolean): void {
    if (on) this.timeout?.ref();
    else this.timeout?.unref();
  }

  cancel(): void {
    if (this.timeout !== null) clearTimeout(this.timeout);
    this.timeout = null;
  }
}
