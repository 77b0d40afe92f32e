/** From the pairs of a cell to its verdict, after any number of them: see gate-design.ts. */
import { evidence, spreadsBefore } from '../../stats/e-process.js';
import { hodgesLehmann, pseudoMedian } from '../../stats/hodges-lehmann.js';
import type { GateDesign } from './gate-design.js';

/** Effects are shares of time added: 0.03 is 3% slower, −0.03 is 3% less time. */
export interface CellVerdict {
  verdict: 'slower' | 'not slower' | 'unresolved';
  /** Null without a pair. */
  shift: number | null;
  /** The interval of the shift; null where there are too few pairs for the confidence. */
  low: number | null;
  high: number | null;
  /** The least slowdown that the pairs speak against: what they could hide. Null where they rule out none. */
  bound: number | null;
  /** By what factor pairs speak for a slowdown; the verdict needs cells / alpha. */
  evidence: number;
}

/** How far a cell is from either answer. */
export interface Standing {
  /** Log evidence for a slowdown, and against one of the allowance, each as high as it ever was. */
  readonly slower: number;
  readonly notSlower: number;
  /** What each has to reach. */
  readonly needs: { readonly slower: number; readonly notSlower: number };
  readonly decided: 'slower' | 'not slower' | null;
  /** With which pair, from 1 on; all of them where it is open. */
  readonly after: number;
}

/**
 * `cells` is how many there are in the run. A cell that was decided stays so, whatever comes later. `spreads` are those
 * of the pairs (see `evidence`).
 */
export function standingOf(
  pairs: readonly number[],
  cells: number,
  design: GateDesign,
  spreads: readonly number[] = spreadsBefore(pairs),
): Standing {
  const needs = {
    slower: Math.log(cells / design.alpha),
    notSlower: Math.log(1 / design.missAlpha),
  };
  const [least, most] = [Math.log1p(design.minEffect), Math.log1p(design.allowance)];
  const above = evidence(pairs, spreads);
  const below = evidence(
    pairs.map((pair) => most - pair),
    spreads,
  );
  const reached = (logs: readonly number[], need: number): number =>
    logs.findIndex((log) => log >= need);
  const notSlower = reached(below, needs.notSlower);
  let decided: Standing['decided'] = notSlower < 0 ? null : 'not slower';
  let after = notSlower < 0 ? pairs.length : notSlower + 1;
  for (let at = reached(above, needs.slower); at >= 0 && at < pairs.length; at++) {
    if (notSlower >= 0 && notSlower < at) break;
    if (pseudoMedian(pairs.slice(0, at + 1)) < least) continue;
    [decided, after] = ['slower', at + 1];
    break;
  }
  return {
    slower: Math.max(0, ...above),
    notSlower: Math.max(0, ...below),
    needs,
    decided,
    after,
  };
}

/** Throws InvalidArgumentError for a pair that is not finite. */
export function decide(pairs: readonly number[], cells: number, design: GateDesign): CellVerdict {
  if (pairs.length === 0) {
    const nothing = { shift: null, low: null, high: null, bound: null, evidence: 1 };
    return { verdict: 'unresolved', ...nothing };
  }
  const { point, low, high } = hodgesLehmann(pairs, design.confidence);
  const spreads = spreadsBefore(pairs);
  const { decided, slower } = standingOf(pairs, cells, design, spreads);
  return {
    verdict: decided ?? 'unresolved',
    shift: Math.expm1(point),
    low: low === null ? null : Math.expm1(low),
    high: high === null ? null : Math.expm1(high),
    bound: boundOf(pairs, spreads, design),
    evidence: Math.exp(slower),
  };
}

/** Slowdowns that are asked about, in steps of 0.5%. */
const STEP = 0.005;
const LARGEST = 1;

function boundOf(
  pairs: readonly number[],
  spreads: readonly number[],
  design: GateDesign,
): number | null {
  const need = Math.log(1 / design.missAlpha);
  for (let effect = STEP; effect <= LARGEST; effect += STEP) {
    const against = evidence(
      pairs.map((pair) => Math.log1p(effect) - pair),
      spreads,
    );
    if (Math.max(...against) >= need) return Math.round(effect / STEP) * STEP;
  }
  return null;
}
