/**
 * Balanced orders, so that no contestant always follows the same neighbour. A Williams design: each of k contestants
 * stands in each place equally often, and follows each other one equally often. For two it is AB BA: with turns in a
 * row, ABBA.
 *
 * E. J. Williams, "Experimental designs balanced for the estimation of residual effects of
 * treatments", Australian Journal of Scientific Research A 2 (1949).
 */

/** The rows of the design over 0 … k-1: k rows for an even k, 2k for an odd one. */
export function williamsRows(k: number): number[][] {
  if (k === 1) return [[0]];
  // 0, 1, k-1, 2, k-2, …: neighbours differ by each amount once.
  const first = [0];
  for (let low = 1, high = k - 1; first.length < k;) {
    first.push(low++);
    if (first.length < k) first.push(high--);
  }
  const rows = Array.from({ length: k }, (_, shift) => first.map((member) => (member + shift) % k));
  return k % 2 === 0 ? rows : [...rows, ...rows.map((row) => row.toReversed())];
}

/** The number of turns, at least `turns`, in which each of k contestants has each place equally often. */
export function balancedTurns(turns: number, k: number): number {
  const rows = williamsRows(k).length;
  return Math.ceil(turns / rows) * rows;
}
