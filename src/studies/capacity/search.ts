/**
 * The highest rate that holds, by bisection of a bracket on the log scale:
 *
 *   low ───────────────┬─────────────── high        low holds, or is the least that is tried;
 *                  next probe                       high does not, or is the most
 *
 * Each probe halves the bracket's log: eight of them leave 1.7% of a factor of 80. One answer is one
 * process's, and a probe near the limit may fall either way: the interval comes from many processes.
 */

export interface Bracket {
  /** Jobs a second. */
  readonly low: number;
  readonly high: number;
  /** Whether a probe at `low` held and one at `high` did not: else the limit may lie beyond it. */
  readonly held: boolean;
  readonly failed: boolean;
}

/** Between 1/`LEAST` and `MOST` of what the closed loop did. */
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

/** The middle of what is left; null where no rate that was tried held. */
export function limitOf(bracket: Bracket): number | null {
  return bracket.held ? nextRate(bracket) : null;
}
