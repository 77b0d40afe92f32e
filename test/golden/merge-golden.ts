/** What statsmodels and SciPy say of the mean over hosts: see make_merge_vectors.py. */
import type { GroupValue } from '#dist/src/stats/random-effects.js';
import { goldenText } from './golden.js';

interface Interval {
  point: number;
  low: number;
  high: number;
}

export interface MergeVectors {
  randomEffects: { groups: GroupValue[]; expected: { mean: Interval; tau: Interval } }[];
}

export function mergeVectors(): MergeVectors {
  return JSON.parse(goldenText('merge-vectors.json')) as MergeVectors;
}
