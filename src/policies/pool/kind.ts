/**
 * What a pool has learned about one kind of job (one export): it decides how many are sent at once. Guesses only affect
 * speed: nothing breaks if they are wrong.
 */
import type { PortableJob } from '../../loop/policy.js';

/** The weight of the newest observation. */
const WEIGHT = 0.25;

/**
 * A longer job is not sent to a busy worker: that would save some 30 µs, less than 1% of the job, and would risk that
 * it waits while another worker is free.
 */
export const SHORT_MS = 4;

export class Kind {
  readonly id: number;
  readonly module: string;
  readonly name: string;
  /** Its name in messages. */
  readonly label: string;
  /** Ms of work of one job; Infinity until one is done, so that nothing is assumed. */
  runMs = Infinity;
  /** Its jobs wait for the event loop (timers or IO), so they can share a worker. */
  waits = false;

  constructor(id: number, module: string, name: string) {
    this.id = id;
    this.module = module;
    this.name = name;
    this.label = `job ${name} of ${module}`;
  }

  learn(jobs: number, waited: boolean, busyMs: number): void {
    if (waited) this.waits = true;
    if (waited || busyMs < 0) return;
    const each = busyMs / jobs;
    this.runMs = this.runMs === Infinity ? each : this.runMs + WEIGHT * (each - this.runMs);
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
