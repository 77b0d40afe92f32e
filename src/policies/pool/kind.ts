/**
 * What a pool has learned of one kind of job, that is of one export: it decides how many are sent at
 * once. Guesses only change speed: nothing breaks when they are wrong.
 */
import type { PortableJob } from '../../loop/policy.js';

/** Weight of the newest observation. */
const WEIGHT = 0.25;

/**
 * Of longer jobs none is sent to a worker that is busy: what that saves, some 30 µs, is below 1% of
 * them, and what it risks is that one waits while another worker is free.
 */
export const SHORT_MS = 4;

export class Kind {
  readonly id: number;
  readonly module: string;
  readonly name: string;
  /** Ms of work of one job; Infinity until one was done, so that nothing is bet on it. */
  runMs = Infinity;
  /** Its jobs wait for the event loop, for timers or IO, and so can share a worker. */
  waits = false;

  constructor(id: number, module: string, name: string) {
    this.id = id;
    this.module = module;
    this.name = name;
  }

  learn(jobs: number, waited: boolean, busyMs: number): void {
    if (waited) this.waits = true;
    if (waited || busyMs < 0) return;
    const each = busyMs / jobs;
    this.runMs = this.runMs === Infinity ? each : this.runMs + WEIGHT * (each - this.runMs);
  }

  /** As error messages call it. */
  get title(): string {
    return `job ${this.name} of ${this.module}`;
  }
}

export class Kinds {
  private readonly byModule = new Map<string, Map<string, Kind>>();
  private count = 0;

  of(job: PortableJob<never, unknown>): Kind {
    const { module, export: name } = job;
    let names = this.byModule.get(module);
    if (names === undefined) this.byModule.set(module, (names = new Map<string, Kind>()));
    let kind = names.get(name);
    if (kind === undefined) names.set(name, (kind = new Kind(this.count++, module, name)));
    return kind;
  }
}
