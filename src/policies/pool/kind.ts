/**
 * What a pool has learned about one kind of job (one export): it decides how many are sent at once. Guesses only affect
 * speed: nothing breaks if they are wrong.
 */
import type { PortableJob } from '../../loop/policy.js';

/** The weight of the newest observation. */
const WEIGHT = 0.25;
/** The same for a deviation that is smaller than those before: what was uneven once is taken for even only slowly. */
const CALM_WEIGHT = 1 / 16;
/** Some 2 standard deviations, where times are spread like a bell. */
const DEVIATIONS = 2.5;

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
  /** The mean absolute deviation from `runMs`. */
  private deviationMs = 0;

  constructor(id: number, module: string, name: string) {
    this.id = id;
    this.module = module;
    this.name = name;
    this.label = `job ${name} of ${module}`;
  }

  /** Ms that a job is most likely not to exceed. */
  get sureMs(): number {
    return this.runMs + DEVIATIONS * this.deviationMs;
  }

  /** `jobs` of this kind took `busyMs` together. */
  learn(jobs: number, waited: boolean, busyMs: number): void {
    if (waited) this.waits = true;
    if (waited || busyMs < 0) return;
    const each = busyMs / jobs;
    if (this.runMs === Infinity) {
      this.runMs = each;
      return;
    }
    const off = Math.abs(each - this.runMs);
    const weight = off > this.deviationMs ? WEIGHT : CALM_WEIGHT;
    this.deviationMs += weight * (off - this.deviationMs);
    this.runMs += WEIGHT * (each - this.runMs);
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
