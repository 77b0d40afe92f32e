/**
 * Finds the highest rate that holds, by bisection of a bracket on the log scale:
 *
 *   low ───────────────┬─────────────── high        low holds, or is the lowest rate tried;
 *                  next probe                       high does not, or is the highest
 *
 * Each probe halves the bracket's log: eight of them leave 1.7% of a factor of 80. One answer comes from one process,
 * and a probe near the limit may go either way: the interval comes from many processes.
 */

export interface Bracket {
  /** In jobs per second. */
  readonly low: number;
  readonly high: number;
  /** Whether a probe at `low` held, and one at `high` did not. Otherwise the limit may lie beyond it. */
  readonly held: boolean;
  readonly failed: boolean;
}

/** Rates from 1/`LEAST` to `MOST` times the rate of the closed loop. */
const LEAST = 64;
const MOST = 1.25;

export function bracketAbout(closedRate: number): Bracket {
  return { low: closedRate / LEAST, high: closedRate * MOST, held: false, failed: false };
}

export function nextRate({ low, high }: Bracket): number {
  return Math.sqrt(low * high);
}

export function narrowed(bracket: Bracket, rate: number, holds: boolean): Bracket {
  return holds ? { ...bracket, low: rate, held: true } : { ...bracket, high: rate, failed: true };
}

/** The middle of the remaining bracket; null if no rate that was tried held. */
export function limitOf(bracket: Bracket): number | null {
  return bracket.held ? nextRate(bracket) : null;
}
