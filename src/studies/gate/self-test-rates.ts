/**
 * From the self-test's pairs to its error rates and its power curve. The pairs of slowed copies say how far
 * a slowdown shifts (Hodges–Lehmann), those of the same code how pairs scatter: they are many more.
 */
import { SLOWDOWNS, type SelfTest, type SelfTestCell } from '../../documents/self-test.js';
import type { GateDesign } from './gate-design.js';
import { pseudoMedian } from '../../stats/hodges-lehmann.js';
import { quantile } from '../../stats/quantile.js';
import { simulateGate } from './simulate.js';

const CURVE = [0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.08, 0.1, 0.12, 0.15, 0.2];

const RUNS = 1000;
const POWER_RUNS = 200;
const CURVE_RUNS = 100;

export function selfTestRates(
  cells: readonly SelfTestCell[],
  { design, seed }: { readonly design: GateDesign; readonly seed: number },
): Pick<SelfTest, 'rates' | 'curve'> {
  const told = cells.filter(({ failed, pairs }) => failed === null && pairs.length > 1);
  if (told.length === 0) return { rates: null, curve: [] };
  const recorded = new Map(told.map(({ cell, pairs }) => [cell, pairs]));
  const shifts = new Map(
    told.map(({ cell, slowed }) => [
      cell,
      new Map(
        slowed.flatMap(({ slowdown, pairs }) =>
          pairs.length === 0 ? [] : [[slowdown, pseudoMedian(pairs)] as const],
        ),
      ),
    ]),
  );
  const common = { seed, design };
  const drawn = simulateGate(recorded, { ...common, runs: RUNS, powerRuns: 1 });
  // Noise alone: where pairs lie is what the slowed ones say.
  const even = { ...common, mirrored: true };
  const found = simulateGate(recorded, { ...even, shifts, runs: RUNS, powerRuns: POWER_RUNS });
  const moved = simulateGate(recorded, { ...even, slowdowns: CURVE, runs: CURVE_RUNS });
  const rates = {
    falseAlarms: drawn.falseAlarms,
    falseAlarmsMirrored: found.falseAlarms,
    pairs: found.pairs,
    open: found.open,
    cells: drawn.cells.map((cell, at) => ({
      cell: cell.cell,
      falseAlarms: cell.falseAlarms,
      power: found.cells[at]?.power ?? [],
      added: (moved.cells[at]?.power ?? []).filter(({ slowdown }) =>
        SLOWDOWNS.some((one) => one === slowdown),
      ),
    })),
  };
  const curve = CURVE.map((slowdown, at) => {
    const powers = moved.cells.map(({ power }) => power[at]?.rate ?? 0);
    return { slowdown, least: Math.min(...powers), median: quantile(powers, 0.5) };
  });
  return { rates, curve };
}
