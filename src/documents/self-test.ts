/** What the gate found out about itself: the pairs, and the rates that a resampling of them gives. */
import { z } from 'zod';
import { FingerprintSchema } from './results.js';

/** Shares of time that the slowed copies take longer. */
export const SLOWDOWNS = [0.03, 0.05, 0.1] as const;

/** Log ratios of head's time to base's, each of two fresh processes; positive is slower. */
const pairs = z.array(z.number());

/** Of so many trials, with its interval (Clopper–Pearson, 95%). */
const RateSchema = z.object({
  events: z.number(),
  trials: z.number(),
  rate: z.number(),
  low: z.number(),
  high: z.number(),
});

const SelfTestCellSchema = z.object({
  cell: z.string(),
  policy: z.string(),
  workload: z.string(),
  kind: z.enum(['cpu', 'io', 'mixed']),
  /** Why it has too few pairs; null for a cell that was measured. */
  failed: z.string().nullable(),
  pairs,
  slowed: z.array(z.object({ slowdown: z.number(), pairs })),
});

const PowerSchema = RateSchema.extend({ slowdown: z.number() });

export const SelfTestSchema = z.object({
  /** 1: pairs of which one side was always in the same folder. */
  schemaVersion: z.literal([1, 2]),
  status: z.enum(['complete', 'aborted']),
  startedAt: z.string(),
  elapsedMs: z.number().nonnegative(),
  command: z.array(z.string()),
  seed: z.int().nonnegative(),
  fingerprint: FingerprintSchema,
  design: z.record(z.string(), z.number()),
  /** Ms a pair took on average; null without any. */
  pairMs: z.number().nullable(),
  cells: z.array(SelfTestCellSchema),
  /** Null where too little was recorded. */
  rates: z
    .object({
      /** Of runs of A/A pairs alone: in how many was any cell called slower? */
      falseAlarms: RateSchema,
      /** The same with the sides of each pair exchanged by a coin: without what favours one of them. */
      falseAlarmsMirrored: RateSchema,
      /** Pairs of a run without a slowdown, sides exchanged. */
      pairs: z.object({ median: z.number(), p95: z.number() }),
      /** Cells that are still open then. */
      open: z.object({ median: z.number(), p95: z.number() }),
      cells: z.array(
        z.object({
          cell: z.string(),
          falseAlarms: RateSchema,
          /** Of runs in which this cell was as slow as its slowed copy was measured to be. */
          power: z.array(PowerSchema),
          /** Of runs in which exactly so much was added to this cell's pairs. */
          added: z.array(PowerSchema),
        }),
      ),
    })
    .nullable(),
  /** Of a cell that is slower by so much, its A/A pairs moved by it: the least and the middle cell. */
  curve: z.array(z.object({ slowdown: z.number(), least: z.number(), median: z.number() })),
});

/** What was measured, from which the rest is told. */
export const RecordSchema = SelfTestSchema.omit({ rates: true, curve: true });

export type SelfTest = z.infer<typeof SelfTestSchema>;
export type SelfTestCell = z.infer<typeof SelfTestCellSchema>;
