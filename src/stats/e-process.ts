/**
 * Evidence against symmetry, pair by pair, which may be looked at after every one of them.
 *
 * A gambler starts with 1 and bets before each pair on its sign: the more, the larger it is.
 *
 *   E ← E · (1 + s · tanh(λx))        λ, and the stake s, from earlier pairs only
 *
 * tanh is odd. So where x is symmetric about 0, the factor is 1 on average whatever λ is, nobody gets rich by stopping
 * at a good moment, and E exceeds 1/α ever with a chance of α at most (Ville's inequality). Nothing else is assumed: no
 * distribution, no independence of the sizes. And a factor is below 2: a single burst proves nothing.
 *
 *   V. Vovk, R. Wang, "Nonparametric e-tests of symmetry", arXiv 2208.08925
 *
 * 1 + tanh(μx/σ²) is the likelihood ratio of a normal x with mean μ to one whose sign is tossed, so λ = μ/σ² with the
 * whole fortune as the stake is what grows fastest where μ is true and x is normal. Neither is known: the fortune is
 * spread over several μ, and over stakes of which one survives a wild pair. The mean of bets is a bet.
 *
 * A pair takes the spread of at most LATEST before it: O(LATEST²), whatever their number.
 */
import { robustDeviation } from './spread.js';

/** Effects that are bet on, on the log scale: 2.5% to some 30%. */
const EFFECTS = [0.025, 0.05, 0.1, 0.3];
/** Shares of the fortune that are at stake. */
const STAKES = [1, 0.8];
const BETS = EFFECTS.flatMap((effect) => STAKES.map((stake) => ({ effect, stake })));
/** Spread that is assumed while fewer than this many pairs tell one. */
const FIRST = { pairs: 3, spread: 0.03 };
/** A spread below is luck, or ticks of a clock. */
const LEAST_SPREAD = 0.002;
/** Pairs of which the spread is taken: the machine of some minutes ago may have been another one. */
const LATEST = 25;

/** Log of the evidence after each pair that they are larger than 0 more than smaller; 0 is none. */
export function evidence(pairs: readonly number[]): number[] {
  const fortunes = BETS.map(() => -Math.log(BETS.length));
  return pairs.map((x, at) => {
    const spread = spreadBefore(pairs, at);
    for (const [which, { effect, stake }] of BETS.entries()) {
      fortunes[which] = (fortunes[which] as number) + logBet((effect * x) / spread ** 2, stake);
    }
    return logSum(fortunes);
  });
}

function spreadBefore(pairs: readonly number[], at: number): number {
  if (at < FIRST.pairs) return FIRST.spread;
  return Math.max(LEAST_SPREAD, robustDeviation(pairs.slice(Math.max(0, at - LATEST), at)));
}

/** log(1 + stake · tanh(t)), without loss where that is near 0. */
function logBet(t: number, stake: number): number {
  if (stake < 1) return Math.log1p(stake * Math.tanh(t));
  // 1 + tanh(t) = 2 / (1 + exp(−2t))
  return Math.LN2 - (t < 0 ? Math.log1p(Math.exp(2 * t)) - 2 * t : Math.log1p(Math.exp(-2 * t)));
}

function logSum(logs: readonly number[]): number {
  const most = Math.max(...logs);
  return most + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - most), 0));
}
