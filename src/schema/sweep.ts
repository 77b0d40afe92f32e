/** A sweep: the curves along a parameter, where they cross, and the results they were made from. */
import { z } from 'zod';
import type { Range } from '../sweep/range.js';
import { crossings, signsOf, type CurvePoint } from '../stats/crossing.js';
import { logRatios } from '../stats/observations.js';
import { ResultsSchema, type Cell, type Results } from './results.js';

/** Of the ratio of rates: above 1 the policy is ahead of the reference. */
const RatioSchema = z.object({
  point: z.number(),
  low: z.number().nullable(),
  high: z.number().nullable(),
});

const PointSchema = z.object({
  /** Of the parameter. */
  x: z.number(),
  jobsPerSecond: z.number(),
  ratio: RatioSchema,
  rounds: z.int(),
  /** 1 where the policy is ahead, −1 where it is behind, 0 where the rounds cannot tell. */
  sign: z.union([z.literal(-1), z.literal(0), z.literal(1)]),
});

const CrossingSchema = z.object({
  /** The nearest points on either side at which one of the two is ahead. */
  from: z.number(),
  to: z.number(),
  /** Which side of the reference the policy is on behind it. */
  becomes: z.enum(['above', 'below']),
  at: z.number(),
  /** 95%; null where the rounds do not bound it. */
  low: z.number().nullable(),
  high: z.number().nullable(),
});

const CurveSchema = z.object({
  policy: z.string(),
  points: z.array(PointSchema),
  crossings: z.array(CrossingSchema),
});

export const SweepSchema = z.object({
  schemaVersion: z.literal(1),
  workload: z.string(),
  parameter: z.object({
    name: z.string(),
    /** What it counts, such as `µs per job`; null where the workload does not say. */
    unit: z.string().nullable(),
    from: z.number(),
    to: z.number(),
    scale: z.enum(['linear', 'log']),
  }),
  reference: z.string(),
  curves: z.array(CurveSchema),
  /** Every round, as of a run; a case for each value of the parameter. */
  results: ResultsSchema,
});

export type Sweep = z.infer<typeof SweepSchema>;
export type SweepCurve = z.infer<typeof CurveSchema>;
export type SweepCrossing = z.infer<typeof CrossingSchema>;

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
  return SweepSchema.parse({
    schemaVersion: 1,
    workload: measured[0]?.workload ?? '',
    parameter: { name, unit, from, to, scale },
    reference,
    curves: policies
      .filter((policy) => policy !== reference)
      .map((policy) => curveOf(policy, measured, reference, { name, scale })),
    results: { ...results, cells: measured },
  } satisfies Sweep);
}

function curveOf(
  policy: string,
  cells: readonly Cell[],
  reference: string,
  { name, scale }: Pick<Range, 'name' | 'scale'>,
): SweepCurve {
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
