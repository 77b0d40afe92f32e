/**
 * Turns under a clock that does not run: when nothing is ready, it jumps to the next deadline.
 *
 *   turn ─▶ something ready? ─▶ turn
 *            │ no
 *            ├─ the host works for us (a file, a connect)? ─▶ wait for it, at this same time
 *            ├─ streams or servers are open? ─▶ let the host poll: bytes may be on their way
 *            └─ jump to the next deadline ─▶ turn
 *
 * Promise reactions have all run before the driver looks (see `afterReactions`), so the clock never overtakes an async
 * function that waits only for this loop. It does not know of other waits for the host, such as `fetch`, and overtakes
 * them.
 */
import type { CoreLoop, Driver } from '../../loop/core-loop.js';
import type { Scheduler } from '../../loop/scheduler.js';
import { afterReactions } from '../../loop/turn-driver.js';
import type { HostIo } from '../host/io.js';

/** Polls of the host without any event before the clock may move while streams are open. */
const QUIET_POLLS = 3;
/** Turns in a row before the host is polled. */
const TURNS_IN_A_ROW = 100;

export class VirtualClock {
  /** Not 0: a time before the start is a valid time, too. */
  ms = 1000;
  readonly now = (): number => this.ms;
}

export class VirtualDriver implements Driver {
  private readonly loop: CoreLoop;
  private readonly scheduler: Scheduler;
  private readonly clock: VirtualClock;
  private readonly io: HostIo;
  private live = false;
  private inARow = 0;
  private quietPolls = 0;
  private immediate: NodeJS.Immediate | null = null;

  constructor(loop: CoreLoop, scheduler: Scheduler, clock: VirtualClock, io: HostIo) {
    this.loop = loop;
    this.scheduler = scheduler;
    this.clock = clock;
    this.io = io;
  }

  start(): void {
    this.live = true;
    this.poll();
  }

  requestStop(): void {
    this.scheduler.wakeUp?.();
  }

  stop(): void {
    this.live = false;
    this.scheduler.wakeUp = null;
    if (this.immediate !== null) clearImmediate(this.immediate);
    this.immediate = null;
  }

  /** A step by hand that finds nothing ready goes to the next deadline first. */
  step(): void {
    if (this.scheduler.delay() > 0) this.jump();
    this.scheduler.turn();
  }

  close(): void {}

  private readonly turn = (): void => {
    if (!this.live) return;
    this.scheduler.wakeUp = null;
    this.scheduler.turn();
    if (this.loop.stopping) this.loop.stopped();
    if (!this.live) return;
    if (++this.inARow < TURNS_IN_A_ROW) {
      afterReactions(this.scheduler.readyCount > 0 ? this.hopToTurn : this.hopToLook);
    } else this.poll();
  };

  private readonly hopToTurn = (): void => process.nextTick(this.turn);
  private readonly hopToLook = (): void => process.nextTick(this.look);

  /** Called when nothing was ready and promise reactions have run since. */
  private readonly look = (): void => {
    if (!this.live) return;
    if (this.scheduler.readyCount > 0) return this.turn();
    this.scheduler.wakeUp = this.wakeUp;
    if (this.io.working) return;
    const next = this.scheduler.timers.next();
    if (this.io.hasOpen && this.quietPolls < QUIET_POLLS) {
      this.quietPolls++;
      if (next < Infinity) this.poll();
      return;
    }
    if (next === Infinity) return; // only the host can wake us, if anything can
    this.quietPolls = 0;
    this.scheduler.watch?.idle(next - this.clock.ms);
    this.jump();
    this.turn();
  };

  private jump(): void {
    const next = this.scheduler.timers.next();
    if (next < Infinity) this.clock.ms = Math.max(this.clock.ms, next);
  }

  private readonly wakeUp = (): void => {
    this.scheduler.wakeUp = null;
    this.quietPolls = 0;
    this.poll();
  };

  /** Continues after the host has polled its IO. */
  private poll(): void {
    this.immediate ??= setImmediate(() => {
      this.immediate = null;
      this.inARow = 0;
      if (this.scheduler.readyCount > 0 || this.loop.stopping) this.turn();
      else this.look();
    });
  }
}
