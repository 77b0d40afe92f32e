/** A sweep: the curves along a parameter, where they cross, and the results they were made from. */
import { z } from 'zod';
import { ResultsSchema } from './results.js';

/** The ratio of rates: above 1 the policy is faster than the reference. */
const RatioSchema = z.object({
  point: z.number(),
  low: z.number().nullable(),
  high: z.number().nullable(),
});

const PointSchema = z.object({
  /** The value of the parameter. */
  x: z.number(),
  jobsPerSecond: z.number(),
  ratio: RatioSchema,
  rounds: z.int(),
  /** 1 if the policy is ahead, −1 if it is behind, 0 if the rounds cannot tell. */
  sign: z.union([z.literal(-1), z.literal(0), z.literal(1)]),
});

const CrossingSchema = z.object({
  /** The nearest points on either side at which one of the two is ahead. */
  from: z.number(),
  to: z.number(),
  /** Which side of the reference the policy is on beyond the crossing. */
  becomes: z.enum(['above', 'below']),
  at: z.number(),
  /** The 95% interval; null if the rounds do not bound it. */
  low: z.number().nullable(),
  high: z.number().nullable(),
});

const CurveSchema = z.object({
  policy: z.string(),
  points: z.array(PointSchema),
  crossings: z.array(CrossingSchema),
  /** The result as a sentence. Names in it are as others chose them. */
  sentence: z.string().default(''),
});

export const SweepSchema = z.object({
  schemaVersion: z.literal(1),
  workload: z.string(),
  parameter: z.object({
    name: z.string(),
    /** The unit of the parameter, for example `µs per job`; null if the workload does not say. */
    unit: z.string().nullable(),
    from: z.number(),
    to: z.number(),
    scale: z.enum(['linear', 'log']),
  }),
  reference: z.string(),
  curves: z.array(CurveSchema),
  /** Every round, as in a run, with one case for each value of the parameter. */
  results: ResultsSchema,
});

export type Sweep = z.infer<typeof SweepSchema>;
export type SweepCurve = z.infer<typeof CurveSchema>;
export type SweepCrossing = z.infer<typeof CrossingSchema>;
