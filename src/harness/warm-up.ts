/** The warm-up of one contestant: slices that do not count, until it is known, or seen, to be warm. */
import { sum } from '../stats/moments.js';
import { median } from '../stats/quantile.js';
import type { RoundShape } from './plan.js';
import { jobsUntilSettled, rateOf, type Window } from './steady.js';
import type { TurnNeeds } from './turns.js';

/** More work than it took to settle: the next process may take longer. */
const MARGIN = 1.25;

export interface WarmedUp {
  readonly ms: number;
  /** There was evidence of a steady state, now or in the round in which its work was learned. */
  readonly flat: boolean;
  readonly jobsPerMs: number;
  readonly needs: TurnNeeds;
  /** Jobs that warm up its next process; null where it did not settle. */
  readonly jobs: number | null;
}

export interface WarmWindow extends Window {
  readonly allJobs: number;
  readonly collections: { readonly count: number; readonly ms: number };
  /** As the harness sees it, with what begins and ends a slice. */
  readonly wallMs: number;
}

/**
 * For as many jobs as are `known` to be enough, or, where that is null, until there is evidence of a steady state.
 * `window` does some work; null when it failed, and then there is no warm-up either.
 */
export async function warmUp(
  { warm, sampleMs }: Pick<RoundShape, 'warm' | 'sampleMs'>,
  known: number | null,
  concurrency: number,
  window: (ms: number, batch: number) => Promise<WarmWindow | null>,
): Promise<WarmedUp | null> {
  const leastMs = known === null ? warm.learnMs : warm.leastMs;
  const windows: WarmWindow[] = [];
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
    const late = windows.slice(windows.length >> 1);
    const jobsPerMs = rateOf(late);
    const jobs =
      known ?? (settled === null ? null : Math.max(settled * MARGIN, jobsPerMs * warm.leastMs));
    return { ms, flat, jobsPerMs, needs: needsOf(late), jobs };
  }
}

function needsOf(windows: readonly WarmWindow[]): TurnNeeds {
  const ms = sum(windows, (window) => window.ms);
  const count = sum(windows, ({ collections }) => collections.count);
  return {
    msPerCollection: count === 0 ? null : ms / count,
    collecting: sum(windows, ({ collections }) => collections.ms) / ms,
    overheadMs: median(windows.map((window) => window.wallMs - window.ms)),
  };
}
