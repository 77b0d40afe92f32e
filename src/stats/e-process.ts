/**
 * Evidence against symmetry, pair by pair. It may be looked at after every pair.
 *
 * A gambler starts with 1 and bets before each pair on its sign: the more, the larger it is.
 *
 *   E ← E · (1 + s · tanh(λx))        λ, and the stake s, from earlier pairs only
 *
 * tanh is odd. So if x is symmetric about 0, the factor is 1 on average whatever λ is, stopping at a chosen moment
 * gains nothing, and the chance that E ever exceeds 1/α is at most α (Ville's inequality). Nothing else is assumed: no
 * distribution, no independence of the sizes. A factor is below 2, so a single outlier proves nothing.
 *
 *   V. Vovk, R. Wang, "Nonparametric e-tests of symmetry", arXiv 2208.08925
 *
 * 1 + tanh(μx/σ²) is the likelihood ratio of a normal x with mean μ to one whose sign is tossed. So if μ is true and x
 * is normal, λ = μ/σ² with the whole fortune as the stake grows fastest. Neither is known: the fortune is spread over
 * several values of μ, and over several stakes, one of which survives a wild pair. The mean of bets is a bet.
 *
 * The spread for a pair is taken from at most LATEST pairs before it: O(LATEST²) per pair, however many there are.
 */
import { robustDeviation } from './spread.js';

/** Effect sizes that are bet on, on the log scale: 2.5% to some 30%. */
const EFFECTS = [0.025, 0.05, 0.1, 0.3];
/** Shares of the fortune that are staked. */
const STAKES = [1, 0.8];
const BETS = EFFECTS.flatMap((effect) => STAKES.map((stake) => ({ effect, stake })));
/** The spread that is assumed while there are fewer than this many pairs to estimate it from. */
const FIRST = { pairs: 3, spread: 0.03 };
/** A smaller spread is luck, or the resolution of a clock. */
const LEAST_SPREAD = 0.002;
/**
 * The number of latest pairs that the spread is taken from: some minutes ago the machine may have behaved differently.
 */
const LATEST = 25;

/**
 * The log of the evidence, after each pair, that pairs tend to lie above 0. 0 means no evidence. Pairs that are moved or
 * mirrored spread as they did: `spreads` of the first ones serve for them, too.
 */
export function evidence(
  pairs: readonly number[],
  spreads: readonly number[] = spreadsBefore(pairs),
): number[] {
  const fortunes = BETS.map(() => -Math.log(BETS.length));
  return pairs.map((x, at) => {
    const spread = spreads[at] as number;
    for (const [which, { effect, stake }] of BETS.entries()) {
      fortunes[which] = (fortunes[which] as number) + logBet((effect * x) / spread ** 2, stake);
    }
    return logSum(fortunes);
  });
}

/** The spread that is assumed for each pair. Most of the time of `evidence` is spent here. */
export function spreadsBefore(pairs: readonly number[]): number[] {
  return pairs.map((_, at) => spreadBefore(pairs, at));
}

function spreadBefore(pairs: readonly number[], at: number): number {
  if (at < FIRST.pairs) return FIRST.spread;
  return Math.max(LEAST_SPREAD, robustDeviation(pairs.slice(Math.max(0, at - LATEST), at)));
}

/** log(1 + stake · tanh(t)), without loss of precision where it is near 0. */
function logBet(t: number, stake: number): number {
  if (stake < 1) return Math.log1p(stake * Math.tanh(t));
  // 1 + tanh(t) = 2 / (1 + exp(−2t))
  return Math.LN2 - (t < 0 ? Math.log1p(Math.exp(2 * t)) - 2 * t : Math.log1p(Math.exp(-2 * t)));
}

function logSum(logs: readonly number[]): number {
  const most = Math.max(...logs);
  return most + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - most), 0));
}
