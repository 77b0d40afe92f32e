/** What the gate found out about itself: the pairs, and the rates that resampling them gives. */
import { z } from 'zod';
import { FingerprintSchema } from './parts.js';

/** The slowdowns of the slowed copies, as shares of time added. */
export const SLOWDOWNS = [0.03, 0.05, 0.1] as const;

/** Log ratios of head's time to base's, one per pair of fresh processes; positive is slower. */
const pairs = z.array(z.number());

/** A rate over a number of trials, with its 95% interval (Clopper–Pearson). */
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
  /** Why the cell has too few pairs; null for a cell that was measured. */
  failed: z.string().nullable(),
  pairs,
  slowed: z.array(z.object({ slowdown: z.number(), pairs })),
});

const PowerSchema = RateSchema.extend({ slowdown: z.number() });

export const SelfTestSchema = z.object({
  /** Version 1 has pairs in which one side was always in the same folder. */
  schemaVersion: z.literal([1, 2]),
  status: z.enum(['complete', 'aborted']),
  startedAt: z.string(),
  elapsedMs: z.number().nonnegative(),
  command: z.array(z.string()),
  seed: z.int().nonnegative(),
  fingerprint: FingerprintSchema,
  design: z.record(z.string(), z.number()),
  /** The average duration of a pair, in ms; null without pairs. */
  pairMs: z.number().nullable(),
  cells: z.array(SelfTestCellSchema),
  /** Null if too few pairs were recorded. */
  rates: z
    .object({
      /** The share of runs of A/A pairs alone in which any cell was called slower. */
      falseAlarms: RateSchema,
      /** The same share with the sides of each pair exchanged by a coin, which removes any advantage of one side. */
      falseAlarmsMirrored: RateSchema,
      /** The number of pairs of a run without a slowdown, with sides exchanged. */
      pairs: z.object({ median: z.number(), p95: z.number() }),
      /** The number of cells that are still open at the end of such a run. */
      open: z.object({ median: z.number(), p95: z.number() }),
      cells: z.array(
        z.object({
          cell: z.string(),
          falseAlarms: RateSchema,
          /** The share of runs that call this cell slower if it is as slow as its slowed copy was measured to be. */
          power: z.array(PowerSchema),
          /** The share of runs that call this cell slower if exactly the slowdown is added to its pairs. */
          added: z.array(PowerSchema),
        }),
      ),
    })
    .nullable(),
  /**
   * The power to find a cell that is slower by `slowdown` (its A/A pairs are moved by that): of the least and the
   * median cell.
   */
  curve: z.array(z.object({ slowdown: z.number(), least: z.number(), median: z.number() })),
});

/** What was measured; the rest is computed from it. */
export const RecordSchema = SelfTestSchema.omit({ rates: true, curve: true });

export type SelfTest = z.infer<typeof SelfTestSchema>;
export type SelfTestCell = z.infer<typeof SelfTestCellSchema>;
