/** The warm-up of one contestant: slices that do not count, until it is known, or observed, to be warm. */
import { sum } from '../stats/moments.js';
import { median } from '../stats/quantile.js';
import type { RoundShape } from './plan.js';
import { jobsUntilSettled, rateOf, type WarmUpWindow } from './steady.js';
import { PERHAPS_WIDE, WIDE_TURN, type TurnNeeds } from './turns.js';

/** Warms up with more work than settling took: the next process may take longer. */
const MARGIN = 1.25;

export interface WarmedUp {
  readonly ms: number;
  /** Whether there was evidence of a steady state, now or in the round in which its work was learned. */
  readonly flat: boolean;
  /** The number of jobs that warm up its next process; null if it did not settle. */
  readonly jobs: number | null;
}

export interface WorkWindow extends WarmUpWindow {
  readonly collections: { readonly count: number; readonly ms: number };
  /** Cores that the whole contestant kept busy while its samples were taken, child processes included. */
  readonly cores: number;
  /** The time that the harness sees, including the beginning and the end of a slice. */
  readonly wallMs: number;
}

/**
 * Warms up with as many jobs as are `known` to be enough or, if that is null, until there is evidence of a steady
 * state. `window` does some work and returns null if it failed; then the warm-up is null, too.
 */
export async function warmUp(
  { warm, sampleMs }: Pick<RoundShape, 'warm' | 'sampleMs'>,
  known: number | null,
  concurrency: number,
  window: (ms: number, batch: number) => Promise<WorkWindow | null>,
): Promise<WarmedUp | null> {
  const leastMs = known === null ? warm.learnMs : warm.leastMs;
  const windows: WorkWindow[] = [];
  let [ms, done] = [0, 0];
  for (let batch = concurrency; ;) {
    const each = await window(warm.windowMs, batch);
    if (each === null) return null;
    windows.push(each);
    ms += each.wallMs;
    done += each.allJobs;
    batch = Math.max(concurrency, Math.ceil((each.jobs / each.ms) * sampleMs));
    const settled = known ?? jobsUntilSettled(windows);
    const flat = settled !== null && (known === null || done >= known);
    if (!(flat && ms >= leastMs) && ms < warm.mostMs) continue;
    const enough = warm.leastMs * rateOf(windows.slice(windows.length >> 1));
    const jobs = known ?? (settled === null ? null : Math.max(settled * MARGIN, enough));
    return { ms, flat, jobs };
  }
}

/** The behaviour of a contestant that is warm and works alone. */
export interface Gauge {
  readonly jobsPerMs: number;
  readonly needs: TurnNeeds;
}

/** The number of windows for gauging. */
const GAUGED = 5;

/**
 * Contestants that warm up at the same time share a client or a core: how fast each is in its turn shows only when it
 * is alone.
 */
export async function gauge(
  { warm, sampleMs }: Pick<RoundShape, 'warm' | 'sampleMs'>,
  concurrency: number,
  window: (ms: number, batch: number) => Promise<WorkWindow | null>,
): Promise<Gauge | null> {
  const windows: WorkWindow[] = [];
  let batch = concurrency;
  while (windows.length < GAUGED) {
    const each = await window(warm.windowMs, batch);
    if (each === null) return null;
    windows.push(each);
    batch = Math.max(concurrency, Math.ceil((each.jobs / each.ms) * sampleMs));
  }
  const needs = needsOf(windows);
  if (needs.cores < PERHAPS_WIDE) return { jobsPerMs: rateOf(windows), needs };
  const long = await window(WIDE_TURN.ms, batch);
  return long && { jobsPerMs: rateOf(windows), needs: { ...needs, cores: long.cores } };
}

function needsOf(windows: readonly WorkWindow[]): TurnNeeds {
  // Collections are those of the whole window.
  const allMs = sum(windows, (window) => (window.ms * window.allJobs) / window.jobs);
  const count = sum(windows, ({ collections }) => collections.count);
  return {
    msPerCollection: count === 0 ? null : allMs / count,
    collecting: sum(windows, ({ collections }) => collections.ms) / allMs,
    overheadMs: median(windows.map((window) => window.wallMs - window.ms)),
    cores: median(windows.map(({ cores }) => cores)),
  };
}
