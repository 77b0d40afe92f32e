/**
 * Samples beyond Tukey's fences, as Criterion counts them: more than 1.5 (mild) or 3 (severe)
 * interquartile ranges outside the quartiles. J. W. Tukey, "Exploratory Data Analysis" (1977).
 *
 * The quartiles are those of the sample's own round, since processes differ. Outliers are counted and
 * kept: they are part of what a user of the policy would have seen.
 */
import type { Cell, Round } from '../documents/results.js';
import { quantileOfSorted } from '../stats/quantile.js';

const MILD = 1.5;
const SEVERE = 3;

export function outliersOf(rounds: readonly Round[]): Cell['outliers'] {
  const counted = { samples: 0, mild: 0, severe: 0 };
  for (const { slices } of rounds) {
    const sorted = Float64Array.from(slices.flatMap(({ samplesMs }) => samplesMs)).sort();
    if (sorted.length === 0) continue;
    counted.samples += sorted.length;
    const low = quantileOfSorted(sorted, 0.25);
    const high = quantileOfSorted(sorted, 0.75);
    for (const sample of sorted) {
      const ranges = Math.max(low - sample, sample - high) / (high - low);
      if (ranges > SEVERE) counted.severe++;
      else if (ranges > MILD) counted.mild++;
    }
  }
  return counted.samples === 0 ? null : counted;
}
