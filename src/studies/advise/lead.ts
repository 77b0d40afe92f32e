/** Which policies lead by some figure of their rounds, and how certain that is. */
import type { Cell, Round } from '../../documents/results.js';
import { Histogram } from '../../stats/histogram.js';
import { logRatios } from '../../documents/observations.js';
import { ratioInterval } from '../../stats/interval.js';

export interface Lead {
  /** The cell with the best figure. */
  readonly best: Cell;
  /** The cells that the rounds cannot tell from the best. */
  readonly level: readonly Cell[];
  /** The best figure over that of the next one that is worse; null if there is none. */
  readonly over: {
    readonly cell: Cell;
    readonly point: number;
    readonly low: number;
    readonly high: number;
  } | null;
}

/** Log ratios of one contestant's figure to another's, for each round that both have; positive is better. */
export type Versus = (one: readonly Round[], other: readonly Round[]) => readonly number[];

export const byRate: Versus = logRatios;

/** By the 99th percentile of a round's latencies; shorter is better. */
export const byTail: Versus = (one, other) => {
  const theirs = new Map(other.map((round) => [round.round, tailOf(round)]));
  return one.flatMap((round) => {
    const [own, partner] = [tailOf(round), theirs.get(round.round)];
    return own === undefined || partner === undefined ? [] : [Math.log(partner / own)];
  });
};

function tailOf({ measures }: Round): number | undefined {
  const histogram = new Histogram();
  histogram.add(measures.latency);
  const tail = histogram.quantile(0.99);
  return tail === undefined || tail <= 0 ? undefined : tail;
}

/** Null if no two cells share two rounds. */
export function leadOf(cells: readonly Cell[], versus: Versus): Lead | null {
  const [first] = cells;
  if (first === undefined) return null;
  const beside = (one: Cell, other: Cell) => {
    const logs = versus(one.rounds, other.rounds);
    return logs.length === 0 ? null : ratioInterval(logs);
  };
  const best = cells.reduce((a, b) => ((beside(b, a)?.point ?? 0) > 1 ? b : a), first);
  const others = cells
    .filter((cell) => cell !== best)
    .flatMap((cell) => {
      const found = beside(best, cell);
      return found === null ? [] : [{ cell, ...found }];
    });
  if (others.every(({ low }) => low === null)) return null;
  const worse = others.flatMap(({ low, high, ...rest }) =>
    low === null || high === null || low <= 1 ? [] : [{ ...rest, low, high }],
  );
  const surely = new Set(worse.map(({ cell }) => cell));
  return {
    best,
    // Includes cells that share one round, which is too few to tell anything.
    level: others.map(({ cell }) => cell).filter((cell) => !surely.has(cell)),
    over: worse.toSorted((a, b) => a.point - b.point)[0] ?? null,
  };
}
