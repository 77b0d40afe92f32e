/**
 * The gate's document: the verdict of every cell with the pairs it rests on, so that it can be judged again by other
 * rules, without measuring again. Effects are shares of time added: 0.03 is 3% slower.
 */
import { z } from 'zod';
import { FingerprintSchema } from './parts.js';

const share = z.number();
const pairs = z.array(z.number());

const AdvisorySchema = z.object({
  shift: share.nullable(),
  low: share.nullable(),
  high: share.nullable(),
});

/** Per job, for base and for head: medians over the processes. */
const CountedSchema = z.object({
  what: z.enum(['bytes', 'calls', 'turns']),
  base: z.number().nonnegative(),
  head: z.number().nonnegative(),
  /** Whether the change is larger than the differences between processes of one side. */
  changed: z.boolean(),
});

/** A function that takes more self time in head: µs per job. */
const CulpritSchema = z.object({ name: z.string(), baseUs: z.number(), headUs: z.number() });

const GateCellSchema = z.object({
  /** For example `queue · echo, 1 KiB`. */
  cell: z.string(),
  policy: z.string(),
  workload: z.string(),
  params: z.record(z.string(), z.union([z.number(), z.string()])),
  kind: z.enum(['cpu', 'io', 'mixed']),
  verdict: z.enum([
    'slower',
    /** The cell is slower, but `accepted.json` accepts that. */
    'accepted',
    /** There is no slowdown as large as the allowance. */
    'not slower',
    'unresolved',
    /** The head can no longer do the cell's work. */
    'failed',
    'not comparable',
  ]),
  /** The verdict in plain English, for every cell. */
  sentence: z.string(),
  shift: share.nullable(),
  low: share.nullable(),
  high: share.nullable(),
  /** The smallest slowdown that the pairs rule out; null if they rule out none. */
  bound: share.nullable(),
  /** The factor by which the pairs speak for a slowdown. */
  evidence: z.number(),
  /** The slowdown that must be detected. */
  allowance: share,
  /**
   * The time per job that is compared: CPU time, the median of the samples (typical), or their 10th percentile (fast).
   */
  quantity: z.enum(['cpu', 'typical', 'fast']).default('fast'),
  /** Log ratios of head's time to base's, one per pair of fresh processes; positive is slower. */
  pairs,
  /** Reported, and never judged. */
  advisory: z.object({ median: AdvisorySchema, p99: AdvisorySchema }),
  counted: z.array(CountedSchema).default([]),
  /** What grew most in a slower cell, by a profile of both sides. */
  culprits: z.array(CulpritSchema).default([]),
});

export const GateSchema = z.object({
  schemaVersion: z.literal(2),
  status: z.enum(['passed', 'slower', 'not measured', 'aborted']),
  /** Why there is no verdict on the whole; null if there is one. */
  reason: z.string().nullable(),
  startedAt: z.string(),
  elapsedMs: z.number().nonnegative(),
  command: z.array(z.string()),
  seed: z.int().nonnegative(),
  base: z.object({ commit: z.string().nullable(), because: z.string() }),
  head: z.object({ commit: z.string().nullable(), dirty: z.boolean().nullable() }),
  fingerprint: FingerprintSchema,
  design: z.record(z.string(), z.number()),
  /** A cell with the same code on both sides. */
  control: z.object({ shift: share, moved: z.boolean(), pairs }).nullable(),
  cells: z.array(GateCellSchema),
  oneSided: z.array(z.object({ what: z.string(), in: z.enum(['base', 'head']) })),
});

export type Counted = z.infer<typeof CountedSchema>;
export type Culprit = z.infer<typeof CulpritSchema>;
export type GateDocument = z.infer<typeof GateSchema>;
export type GateRow = GateDocument['cells'][number];
