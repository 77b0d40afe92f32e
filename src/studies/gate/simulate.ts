/**
 * How often is the gate wrong? Complete runs, drawn with replacement from the pairs that A/A runs
 * recorded on this machine, go through the same rules as a real one:
 *
 *   false alarm   a run of nothing but A/A pairs in which any cell is called slower
 *   power         the share of runs that call a cell slower after a shift was added to its pairs:
 *                 log(1 + slowdown), or what a copy of that slowness was measured to shift; the other
 *                 cells stay A/A in the same run
 *
 * Pairs are drawn as they were recorded, not centred: a machine that favours one side shows it here. So does
 * the chance mean of few pairs: 19 that spread by 44% had a mean of 41%, and made 99.9% of runs false alarms.
 * **`mirrored`** draws each as it was or with its sides exchanged, by a coin, as they had the same code: that
 * is the rate of a machine that favours nobody, and the truth lies between the two.
 * The intervals are Clopper–Pearson's and say how well the number of simulated runs tells a rate; the
 * recorded pairs are taken for the machine, so a hundred of them a cell are few and a thousand good.
 *
 * The same seed gives the same rates. A run with its three slowdowns takes about 1 ms a cell.
 */
import { InvalidArgumentError, quote } from '../../text/errors.js';
import { mixed, seeded, type Random, resample } from '../../stats/random.js';
import { defaultDesign, type GateDesign } from './gate-design.js';
import { clopperPearson, type Rate } from '../../stats/proportion.js';
import { spreadsBefore } from '../../stats/e-process.js';
import { quantile } from '../../stats/quantile.js';
import { standingOf } from './decide.js';

export interface SimulationOptions {
  seed: number;
  /** A/A runs: 1,000 unless told. */
  runs?: number;
  /** The number of these runs that also tell the power, which takes far longer. Default: 200. */
  powerRuns?: number;
  /** Shares of time added: 0.03, 0.05 and 0.1 unless told. */
  slowdowns?: readonly number[];
  /** By cell and slowdown, how far it was measured to shift pairs: log(1 + slowdown) unless told. */
  shifts?: ReadonlyMap<string, ReadonlyMap<number, number>>;
  /** Exchange the sides of a pair by a coin: false unless told. */
  mirrored?: boolean;
  design?: GateDesign;
  /** The confidence of the rates' intervals. Default: 0.95. */
  confidence?: number;
}

export interface GateRates {
  /** The share of runs with a false alarm. */
  falseAlarms: Rate;
  /** Pairs measured in an A/A run until all cells are decided, or have `mostPairs`: the time it takes. */
  pairs: { median: number; p95: number };
  /** Cells of an A/A run that are not decided then. */
  open: { median: number; p95: number };
  cells: CellRates[];
}

export interface CellRates {
  cell: string;
  falseAlarms: Rate;
  power: (Rate & { slowdown: number })[];
}

/** `recorded` has the A/A pairs (log ratios, positive is slower) of each cell. */
export function simulateGate(
  recorded: ReadonlyMap<string, readonly number[]>,
  options: SimulationOptions,
): GateRates {
  const { seed, runs = 1000, powerRuns = Math.min(200, runs), confidence = 0.95 } = options;
  const {
    slowdowns = [0.03, 0.05, 0.1],
    shifts,
    mirrored = false,
    design = defaultDesign,
  } = options;
  check(recorded, runs, powerRuns);
  const random = seeded(mixed(seed));
  const pairs: number[] = [];
  const open: number[] = [];
  let alarms = 0;
  const cells = [...recorded].map(([cell, own]) => ({
    cell,
    own,
    alarms: 0,
    found: slowdowns.map((slowdown) => ({
      slowdown,
      shift: shifts?.get(cell)?.get(slowdown) ?? Math.log1p(slowdown),
      times: 0,
    })),
  }));
  for (let run = 0; run < runs; run++) {
    let [alarmed, undecided, measured] = [false, 0, 0];
    for (const each of cells) {
      const drawn = drawPairs(each.own, design.mostPairs, mirrored, random);
      const spreads = spreadsBefore(drawn);
      const judge = (some: readonly number[]) => standingOf(some, recorded.size, design, spreads);
      const { decided, after } = judge(drawn);
      measured += after;
      if (decided === null) undecided++;
      if (decided === 'slower') {
        alarmed = true;
        each.alarms++;
      }
      if (run >= powerRuns) continue;
      for (const found of each.found) {
        const slower = judge(drawn.map((pair) => pair + found.shift));
        if (slower.decided === 'slower') found.times++;
      }
    }
    if (alarmed) alarms++;
    pairs.push(measured);
    open.push(undecided);
  }
  const spread = (values: number[]) => ({
    median: quantile(values, 0.5),
    p95: quantile(values, 0.95),
  });
  return {
    falseAlarms: clopperPearson(alarms, runs, confidence),
    pairs: spread(pairs),
    open: spread(open),
    cells: cells.map((own) => ({
      cell: own.cell,
      falseAlarms: clopperPearson(own.alarms, runs, confidence),
      power: own.found.map(({ slowdown, times }) => ({
        slowdown,
        ...clopperPearson(times, powerRuns, confidence),
      })),
    })),
  };
}

function drawPairs(
  pairs: readonly number[],
  count: number,
  mirrored: boolean,
  random: Random,
): number[] {
  return resample(pairs, random, count).map((pair) =>
    mirrored && random.int(0, 1) === 0 ? -pair : pair,
  );
}

function check(
  recorded: ReadonlyMap<string, readonly number[]>,
  runs: number,
  powerRuns: number,
): void {
  if (recorded.size === 0) {
    throw new InvalidArgumentError('a simulation draws from recorded cells, but got none');
  }
  for (const [cell, pairs] of recorded) {
    if (pairs.length === 0) {
      throw new InvalidArgumentError(
        `cell ${quote(cell)} has no pairs: record some, or leave it out`,
      );
    }
  }
  const whole = Number.isInteger(runs) && Number.isInteger(powerRuns);
  if (!(whole && powerRuns >= 1 && powerRuns <= runs)) {
    throw new InvalidArgumentError(
      `runs are whole numbers from 1, and power is told by some of them, but got ` +
        `${quote(powerRuns)} of ${quote(runs)}: 200 of 1000 is usual`,
    );
  }
}
