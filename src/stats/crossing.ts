/**
 * Where two curves cross, from noisy observations of their difference along a parameter.
 *
 *   log ratio │ ·  +                   +, −  points whose interval excludes 0
 *             │    ·  ┊                ·     points whose interval contains 0
 *          0 ─┼───────·──┊───────
 *             │       ┊  ·  −          a crossing lies between a + and a − (or − and +) with no other
 *             │       ┊  ┊     ·  −    sign between them: the bracket
 *             └───────┴──┴─────────▶ parameter
 *                    low high
 *
 * In the bracket, and nowhere else, the difference is treated as a straight line: least squares over all observations
 * there. The crossing is the line's zero. The interval holds the places where the line's confidence band covers zero
 * (Fieller, "Some Problems in Interval Estimation", Journal of the Royal Statistical Society B 16 (1954)). Rounds added
 * near the zero give more points a sign, so the bracket narrows and a line fits it better.
 *
 * The intervals of the points hold jointly (Bonferroni). Otherwise one of thirteen points of two equal curves would
 * have a sign by chance every other time.
 *
 * The spread is that of rounds about the mean of their own point, over all points, or that about the line if it is
 * larger: where the difference bends, this makes the interval wider. O(observations).
 */
import jStat from 'jstat';
import { mean, sum } from './moments.js';

export interface CurvePoint {
  /** The parameter; above 0 on a log scale. */
  readonly x: number;
  /** One difference of the curves (such as a log ratio) per round. May be empty. */
  readonly differences: readonly number[];
}

export interface Crossing {
  /** The two points of the bracket, and the sign of the difference beyond it. */
  readonly from: number;
  readonly to: number;
  readonly becomes: 'above' | 'below';
  readonly at: number;
  /** Null if the line is too flat for its noise, or if no point has two rounds. */
  readonly low: number | null;
  readonly high: number | null;
}

export type Scale = 'linear' | 'log';

interface Observation {
  readonly t: number;
  readonly y: number;
}

/** A point on the scale, with the mean of its observations. Points are in the order of their parameter. */
interface Placed {
  readonly x: number;
  readonly t: number;
  readonly mean: number;
  readonly ys: readonly number[];
}

export function crossings(
  points: readonly CurvePoint[],
  scale: Scale,
  confidence = 0.95,
): Crossing[] {
  const placed = placedOf(points, scale);
  const spread = withinPoints(placed);
  const together = 1 - (1 - confidence) / placed.length;
  const signs = placed.map((point) => signOf(point, spread, together));
  const found: Crossing[] = [];
  let last = -1;
  for (const [at, sign] of signs.entries()) {
    if (sign === 0) continue;
    if (last >= 0 && sign !== signs[last]) {
      const bracket = placed.slice(last, at + 1);
      found.push({
        from: (placed[last] as Placed).x,
        to: (placed[at] as Placed).x,
        becomes: sign > 0 ? 'above' : 'below',
        ...zeroOf(bracket, spread, scale, confidence),
      });
    }
    last = at;
  }
  return found;
}

/** The sign of the difference at each point: 1, −1, or 0 if its interval covers zero; null without a round. */
export function signsOf(
  points: readonly CurvePoint[],
  confidence = 0.95,
): readonly (-1 | 0 | 1 | null)[] {
  const measured = placedOf(points, 'linear');
  const spread = withinPoints(measured);
  const together = 1 - (1 - confidence) / measured.length;
  return points.map(({ x }) => {
    const point = measured.find((each) => each.x === x);
    return point === undefined ? null : signOf(point, spread, together);
  });
}

function placedOf(points: readonly CurvePoint[], scale: Scale): Placed[] {
  return points
    .filter(({ differences }) => differences.length > 0)
    .map(({ x, differences: ys }): Placed => ({ x, t: to(scale, x), mean: mean(ys), ys }))
    .toSorted((a, b) => a.t - b.t);
}

interface Spread {
  readonly variance: number;
  /** Degrees of freedom; 0 where no point has two observations. */
  readonly freedom: number;
}

function withinPoints(points: readonly Placed[]): Spread {
  const freedom = sum(points, ({ ys }) => ys.length - 1);
  const squares = sum(points, ({ ys, mean: center }) => sum(ys, (y) => (y - center) ** 2));
  return { variance: freedom === 0 ? 0 : squares / freedom, freedom };
}

function signOf(
  { mean: center, ys }: Placed,
  { variance, freedom }: Spread,
  confidence: number,
): -1 | 0 | 1 {
  const half = freedom === 0 ? 0 : studentT(confidence, freedom) * Math.sqrt(variance / ys.length);
  if (Math.abs(center) <= half) return 0;
  return center > 0 ? 1 : -1;
}

function zeroOf(
  bracket: readonly Placed[],
  within: Spread,
  scale: Scale,
  confidence: number,
): Pick<Crossing, 'at' | 'low' | 'high'> {
  const all = bracket.flatMap(({ t, ys }) => ys.map((y): Observation => ({ t, y })));
  const n = all.length;
  const [t0, y0] = [mean(all.map(({ t }) => t)), mean(all.map(({ y }) => y))];
  const squares = sum(all, ({ t }) => (t - t0) ** 2);
  const slope = sum(all, ({ t, y }) => (t - t0) * (y - y0)) / squares;
  const at = from(scale, t0 - y0 / slope);

  const about = { variance: sum(all, ({ t, y }) => (y - y0 - slope * (t - t0)) ** 2) / (n - 2) };
  const { variance, freedom } =
    n > 2 && about.variance > within.variance ? { ...about, freedom: n - 2 } : within;
  if (freedom === 0) return { at, low: null, high: null };
  // (y0 + slope d)² = T² variance (1/n + d²/squares), for d = t − t0
  const t2 = studentT(confidence, freedom) ** 2 * variance;
  const a = slope ** 2 - t2 / squares;
  if (a <= 0) return { at, low: null, high: null };
  const b = 2 * y0 * slope;
  const root = Math.sqrt(Math.max(0, b ** 2 - 4 * a * (y0 ** 2 - t2 / n)));
  return {
    at,
    low: from(scale, t0 + (-b - root) / (2 * a)),
    high: from(scale, t0 + (-b + root) / (2 * a)),
  };
}

function studentT(confidence: number, freedom: number): number {
  return jStat.studentt.inv((1 + confidence) / 2, freedom);
}

function to(scale: Scale, x: number): number {
  return scale === 'log' ? Math.log(x) : x;
}

function from(scale: Scale, t: number): number {
  return scale === 'log' ? Math.exp(t) : t;
}
