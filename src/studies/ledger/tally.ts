/** Sums up the gate's runs: how often it was wrong, among the runs that could show it. */
import type { LedgerEntry } from '../../documents/ledger.js';
import { quantile } from '../../stats/quantile.js';
import { clopperPearson, type Rate } from '../../stats/proportion.js';

export interface Tally {
  readonly runs: number;
  /** The rate of controls that were called different. */
  readonly controls: Rate | null;
  /** Among runs of one commit against itself: the rate of runs in which a cell was called slower. */
  readonly alarms: Rate | null;
  /** For the same runs: the median number of cells without a verdict. */
  readonly openAtMedian: number | null;
  /** The duration of those runs without an alarm, in ms. */
  readonly elapsedMs: { readonly median: number; readonly p95: number } | null;
}

export function tallyOf(entries: readonly LedgerEntry[]): Tally {
  const controls = entries.filter(({ controlMoved }) => controlMoved !== null);
  const same = entries.filter((entry) => entry.same);
  const times = same.filter(({ slower }) => slower === 0).map(({ elapsedMs }) => elapsedMs);
  return {
    runs: entries.length,
    controls: rateOf(controls, ({ controlMoved }) => controlMoved === true),
    alarms: rateOf(same, ({ slower }) => slower > 0),
    openAtMedian:
      same.length === 0
        ? null
        : quantile(
            same.map(({ open }) => open),
            0.5,
          ),
    elapsedMs:
      times.length === 0 ? null : { median: quantile(times, 0.5), p95: quantile(times, 0.95) },
  };
}

function rateOf(entries: readonly LedgerEntry[], wrong: (entry: LedgerEntry) => boolean) {
  return entries.length === 0 ? null : clopperPearson(entries.filter(wrong).length, entries.length);
}
