/**
 * The null distribution of Wilcoxon's signed-rank statistic ("Individual Comparisons by Ranking Methods", Biometrics
 * Bulletin 1 (1945)): W is the sum of the ranks of the positive ones among n differences, each positive with a chance
 * of ½.
 *
 * Up to 200 differences it is exact: ways[s], the number of subsets of the ranks with sum s, grows by one rank at a
 * time (`ways[s] += ways[s - r]`). O(n · W). Above, W is taken as normal, with half a rank of continuity correction.
 */
import { normalCdf } from './normal.js';

const EXACT_UP_TO = 200;

function exactTail(n: number, most: number): number {
  const total = (n * (n + 1)) / 2;
  if (most >= total) return 1;
  // The complement is the shorter sum then, and just as exact.
  if (2 * most >= total) return 1 - exactTail(n, total - most - 1);
  if (most < 0) return 0;
  const ways = new Float64Array(most + 1);
  ways[0] = 1;
  let reached = 0;
  for (let rank = 1; rank <= Math.min(n, most); rank++) {
    reached = Math.min(most, reached + rank);
    for (let sum = reached; sum >= rank; sum--) {
      ways[sum] = (ways[sum] as number) + (ways[sum - rank] as number);
    }
  }
  return ways.reduce((sum, count) => sum + count, 0) / 2 ** n;
}

function normalTail(n: number, most: number): number {
  const mean = (n * (n + 1)) / 4;
  return normalCdf((most + 0.5 - mean) / Math.sqrt((n * (n + 1) * (2 * n + 1)) / 24));
}

/**
 * The largest c with P(W < c) ≤ `share`, for W of `n` untied differences: how many of the smallest
 * Walsh averages lie outside an interval, plus one. 0 where even one would be too many.
 */
export function signedRankCut(n: number, share: number): number {
  const tail = n <= EXACT_UP_TO ? exactTail : normalTail;
  let low = 0;
  let high = Math.ceil((n * (n + 1)) / 4);
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (tail(n, middle - 1) <= share) low = middle;
    else high = middle - 1;
  }
  return low;
}
