/**
 * Wilcoxon's signed-rank test: are paired differences symmetric about zero, or shifted?
 * "Individual Comparisons by Ranking Methods", Biometrics Bulletin 1 (1945).
 *
 *   1. leave out zeros             Wilcoxon's own rule; `zero_method="wilcox"` in SciPy, R's only one
 *   2. rank the rest by |d|        equal ones share the mean of their ranks (midranks)
 *   3. W = sum of the ranks of the positive ones
 *
 * Under the null hypothesis each difference is as likely negative as positive, so W is the sum of a
 * random subset of the ranks. Up to 200 differences p is exact and, with ties, conditional on them:
 * ways[s], the number of subsets with sum s, grows by one rank at a time (`ways[s] += ways[s - r]`).
 * Ranks are doubled where ties make halves. Only the smaller tail is counted: O(n · min(W, S − W)),
 * S being the sum of all ranks; at most a million additions for 100 untied pairs, mostly far fewer.
 *
 * Above 200, W is taken as normal, with Wilcoxon's mean and variance, less Σ(t³ − t)/48 for groups of
 * t ties, and half a rank of continuity correction towards the mean (R's `correct = TRUE`).
 */
import { InvalidArgumentError, quote } from '../text/errors.js';
import { ascending } from './select.js';
import { normalCdf } from './normal.js';

/** What the p-value speaks for: differences above zero, below it, or either. */
export type Alternative = 'greater' | 'less' | 'two-sided';

export interface SignedRank {
  /** W, the sum of the ranks of the positive differences. */
  statistic: number;
  /** How many differences are not zero. */
  n: number;
  /** 1 where no difference is other than zero: nothing speaks against the null hypothesis. */
  p: number;
}

/** Up to this many differences p-values are exact. */
export const EXACT_UP_TO = 200;

/** Throws InvalidArgumentError for a difference that is not finite. */
export function signedRank(
  differences: readonly number[],
  alternative: Alternative = 'two-sided',
): SignedRank {
  const { ranks, statistic } = rankBySize(ascending(differences));
  const n = ranks.length;
  const tail = n <= EXACT_UP_TO ? exactTail : normalTail;
  const total = (n * (n + 1)) / 2;
  // The null distribution is symmetric: W as large as w is as likely as S − W as large as w.
  const atLeast = (): number => tail(ranks, total - statistic);
  const atMost = (): number => tail(ranks, statistic);
  switch (alternative) {
    case 'greater':
      return { statistic, n, p: atLeast() };
    case 'less':
      return { statistic, n, p: atMost() };
    case 'two-sided':
      return { statistic, n, p: Math.min(1, 2 * (2 * statistic > total ? atLeast() : atMost())) };
    default:
      throw new InvalidArgumentError(
        `a test is 'greater', 'less' or 'two-sided', but got ${quote(alternative)}`,
      );
  }
}

/**
 * Negative differences in ascending order read backwards, and positive ones forwards, both grow in
 * size: merging the two ranks them.
 */
function rankBySize(sorted: Float64Array): { ranks: number[]; statistic: number } {
  const ranks: number[] = [];
  let statistic = 0;
  let up = sorted.findIndex((value) => value > 0);
  if (up < 0) up = sorted.length;
  let down = up - 1;
  while (down >= 0 && sorted[down] === 0) down--;
  while (down >= 0 || up < sorted.length) {
    const size = Math.min(
      down >= 0 ? -(sorted[down] as number) : Infinity,
      up < sorted.length ? (sorted[up] as number) : Infinity,
    );
    let ties = 0;
    let positive = 0;
    for (; down >= 0 && -(sorted[down] as number) === size; down--) ties++;
    for (; up < sorted.length && sorted[up] === size; up++) positive++;
    ties += positive;
    const midrank = ranks.length + (ties + 1) / 2;
    for (let i = 0; i < ties; i++) ranks.push(midrank);
    statistic += midrank * positive;
  }
  return { ranks, statistic };
}

/** P(sum of a random subset ≤ bound); `ranks` in ascending order. */
function exactTail(ranks: readonly number[], bound: number): number {
  const scale = ranks.every(Number.isInteger) ? 1 : 2;
  const total = (scale * ranks.length * (ranks.length + 1)) / 2;
  const most = scale * bound;
  if (most >= total) return 1;
  // The complement is the shorter sum then, and it is as exact.
  if (2 * most >= total) return 1 - exactTail(ranks, (total - most - 1) / scale);
  if (most < 0) return 0;
  const ways = new Float64Array(most + 1);
  ways[0] = 1;
  let reached = 0;
  for (const rank of ranks) {
    const step = scale * rank;
    if (step > most) break;
    reached = Math.min(most, reached + step);
    for (let sum = reached; sum >= step; sum--) {
      ways[sum] = (ways[sum] as number) + (ways[sum - step] as number);
    }
  }
  return ways.reduce((sum, count) => sum + count, 0) / 2 ** ranks.length;
}

function normalTail(ranks: readonly number[], bound: number): number {
  const n = ranks.length;
  const mean = (n * (n + 1)) / 4;
  let variance = (n * (n + 1) * (2 * n + 1)) / 24;
  for (let first = 0; first < n;) {
    const ties = ranks.lastIndexOf(ranks[first] as number) - first + 1;
    variance -= (ties ** 3 - ties) / 48;
    first += ties;
  }
  return normalCdf((bound + 0.5 - mean) / Math.sqrt(variance));
}

/**
 * The largest c with P(W < c) ≤ `share`, for W of `n` untied differences: how many of the smallest
 * Walsh averages lie outside an interval, plus one. 0 where even one would be too many.
 */
export function signedRankCut(n: number, share: number): number {
  const ranks = Array.from({ length: n }, (_, index) => index + 1);
  const tail = n <= EXACT_UP_TO ? exactTail : normalTail;
  let low = 0;
  let high = Math.ceil((n * (n + 1)) / 4);
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (tail(ranks, middle - 1) <= share) low = middle;
    else high = middle - 1;
  }
  return low;
}
