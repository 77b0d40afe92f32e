/** From the results of a sweep's cases to its document: curves, and where they cross. */
import { logRatios } from '../../documents/observations.js';
import type { Cell, Results } from '../../documents/results.js';
import { SweepSchema, type Sweep, type SweepCurve } from '../../documents/sweep.js';
import { crossings, signsOf, type CurvePoint } from '../../stats/crossing.js';
import type { Range } from './range.js';
import { sentenceOf } from './sentences.js';

export function assembleSweep(
  results: Results,
  { name, from, to, scale }: Range,
  unit: string | null,
): Sweep {
  const measured = results.cells.filter(
    ({ rounds, status }) => rounds.length > 0 || status !== 'aborted',
  );
  const { reference } = results;
  const policies = [...new Set(measured.map(({ contestant }) => contestant.policy))];
  const asked = { parameter: { name, unit, from, to, scale }, reference };
  return SweepSchema.parse({
    schemaVersion: 1,
    workload: measured[0]?.workload ?? '',
    ...asked,
    curves: policies
      .filter((policy) => policy !== reference)
      .map((policy) => curveOf(policy, measured, reference, { name, scale }))
      .map((curve) => ({ ...curve, sentence: sentenceOf(asked, curve) })),
    results: { ...results, cells: measured },
  } satisfies Sweep);
}

function curveOf(
  policy: string,
  cells: readonly Cell[],
  reference: string,
  { name, scale }: Pick<Range, 'name' | 'scale'>,
): Omit<SweepCurve, 'sentence'> {
  const own = cells
    .filter(({ contestant, throughput }) => contestant.policy === policy && throughput !== null)
    .toSorted((a, b) => Number(a.params[name]) - Number(b.params[name]));
  const differences = own.map(({ params, rounds }): CurvePoint => {
    const x = Number(params[name]);
    const beside = cells.find(
      (cell) => cell.contestant.policy === reference && Number(cell.params[name]) === x,
    );
    return { x, differences: logRatios(rounds, beside?.rounds ?? []) };
  });
  const signs = signsOf(differences);
  return {
    policy,
    points: own.flatMap(({ throughput, ratio, rounds }, at) =>
      throughput === null || ratio === null
        ? []
        : [
            {
              x: differences[at]?.x ?? 0,
              jobsPerSecond: throughput.point,
              ratio: { point: ratio.point, low: ratio.low, high: ratio.high },
              rounds: rounds.length,
              sign: signs[at] ?? 0,
            },
          ],
    ),
    crossings: crossings(differences, scale),
  };
}
