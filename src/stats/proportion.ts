/**
 * What a count of events says about their rate: k of n, for example "0 false alarms in 10,000 runs".
 *
 * Clopper and Pearson's interval holds every rate under which "k or fewer" and "k or more" events each have a
 * probability of at least α/2. It never covers less than its confidence ("The Use of Confidence or Fiducial Limits",
 * Biometrika 26 (1934)). It is solved by bisection (60 steps of O(k) each). jstat's inverse beta function stops at
 * 1e-8, and @stdlib's agrees with SciPy but brings 200 packages and 28 MB.
 */
import { InvalidArgumentError, quote } from '../text/errors.js';

export interface Rate {
  events: number;
  trials: number;
  /** events / trials. */
  rate: number;
  low: number;
  high: number;
}

export function clopperPearson(events: number, trials: number, confidence = 0.95): Rate {
  check(events, trials, confidence);
  const alpha = (1 - confidence) / 2;
  return {
    events,
    trials,
    rate: events / trials,
    low: 1 - upperLimit(trials - events, trials, alpha),
    high: upperLimit(events, trials, alpha),
  };
}

/** The rate under which `events` or fewer of `trials` have the probability `alpha`. */
function upperLimit(events: number, trials: number, alpha: number): number {
  if (events === trials) return 1;
  let logChoose = 0;
  for (let i = 1; i <= events; i++) logChoose += Math.log((trials - i + 1) / i);
  // At the rate itself the probability is at least one half, so only the far side needs a search.
  let low = events / trials;
  let high = 1;
  for (;;) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) return middle;
    if (atMost(events, trials, middle, logChoose) > alpha) low = middle;
    else high = middle;
  }
}

/** P(X ≤ events) for a binomial X whose mean is above `events`: the largest term in logs, the others by ratios. */
function atMost(events: number, trials: number, rate: number, logChoose: number): number {
  const logTerm = events * Math.log(rate) + (trials - events) * Math.log1p(-rate) + logChoose;
  let term = 1;
  let sum = 1;
  for (let i = events; i > 0 && term > sum * 1e-18; i--) {
    term *= ((i / (trials - i + 1)) * (1 - rate)) / rate;
    sum += term;
  }
  return Math.exp(logTerm) * sum;
}

function check(events: number, trials: number, confidence: number): void {
  const whole = Number.isInteger(events) && Number.isInteger(trials);
  if (!(whole && events >= 0 && trials >= 1 && events <= trials)) {
    throw new InvalidArgumentError(
      `a rate is of whole numbers, at most n of n ≥ 1, but got ${quote(events)} of ${quote(trials)}`,
    );
  }
  if (!(confidence > 0 && confidence < 1)) {
    throw new InvalidArgumentError(
      `confidence lies between 0 and 1, but got ${quote(confidence)}: 0.95 is usual`,
    );
  }
}
