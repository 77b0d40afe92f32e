/**
 * p-values of a family of tests, adjusted so that the chance of even one false rejection among them
 * stays below the level each is compared with: Holm, "A Simple Sequentially Rejective Multiple Test
 * Procedure", Scandinavian Journal of Statistics 6 (1979). It assumes nothing of how the tests depend
 * on each other and rejects whatever Bonferroni's rule rejects.
 *
 *   adjusted[i] = max over j ≤ i of (m − j) · p[j], at most 1      p ascending, j from 0
 *
 * In the order given; O(m log m).
 */
import { InvalidArgumentError, quote } from '../text/errors.js';

export function holm(pValues: readonly number[]): number[] {
  const strange = pValues.find((p) => !(p >= 0 && p <= 1));
  if (strange !== undefined) {
    throw new InvalidArgumentError(`a p-value lies between 0 and 1, but got ${quote(strange)}`);
  }
  const adjusted = [...pValues];
  let most = 0;
  const order = pValues.map((p, index) => ({ p, index })).sort((a, b) => a.p - b.p);
  for (const [before, { p, index }] of order.entries()) {
    most = Math.max(most, Math.min(1, (pValues.length - before) * p));
    adjusted[index] = most;
  }
  return adjusted;
}
