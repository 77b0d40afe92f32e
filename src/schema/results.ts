/**
 * The results document: everything one run measured, and enough about the machine and the command
 * to know what the numbers are worth. It is the seam of the harness: the duel writes it, and all
 * that comes later (estimates, verdicts, reports) reads nothing else.
 *
 *   Results ─┬─ fingerprint, loadGenerator
 *            └─ cells: one per workload × params × contestant
 *                 ├─ throughput, ratio, cpuPerJob       what `stats/analyse.ts` made of the rounds
 *                 └─ rounds: one per fresh process      raw, never edited
 *                      └─ slices: one per turn
 *
 * Version 1 may grow: a new key must be optional or have a default, so that older files still
 * parse, and readers ignore keys they do not know. A change that breaks this is version 2 and
 * comes with a step in `migrations.ts`.
 */
import { z } from 'zod';

export const SCHEMA_VERSION = 1;

const count = z.int().nonnegative();
const amount = z.number().nonnegative();

const SliceSchema = z.object({
  /** Which turn of the round; contestants are compared within a turn. */
  turn: count,
  jobs: count,
  /** Ms in which `jobs` were done: the sum of the samples. */
  ms: amount,
  /** CPU time of the whole process during the slice, all its threads. */
  cpuUserUs: amount,
  cpuSystemUs: amount,
  /** Ms of each batch. */
  samplesMs: z.array(amount),
});

const RoundSchema = z.object({
  /** Rounds of different contestants with the same number were measured against each other. */
  round: count,
  /** The contestant's place in the order of the round's first turn. */
  position: count,
  /** Jobs per sample. */
  batch: z.int().positive(),
  /** From the start of the process until it was ready to work. */
  startMs: amount,
  digest: z.string(),
  slices: z.array(SliceSchema),
});

/** A point with its 95% interval; no interval (null) where there are fewer than two rounds. */
const estimate = { point: amount, low: amount.nullable(), high: amount.nullable() };

function checkOrder({ point, low, high }: Estimate, context: z.RefinementCtx): void {
  const complain = (key: string, message: string): void =>
    context.addIssue({ code: 'custom', path: [key], message });
  if (low === null || high === null) {
    if (low === high) return;
    complain(low === null ? 'low' : 'high', 'expected both ends of an interval or neither');
  } else {
    if (low > point) complain('low', `expected at most the point, ${point}`);
    if (high < point) complain('high', `expected at least the point, ${point}`);
  }
}

const ThroughputSchema = z
  .object({ ...estimate, unit: z.literal('jobs/s') })
  .superRefine(checkOrder);
const RatioSchema = z.object({ to: z.string(), ...estimate }).superRefine(checkOrder);
const CpuPerJobSchema = z.object({ ...estimate, unit: z.literal('us') }).superRefine(checkOrder);

const CellSchema = z.object({
  workload: z.string().min(1),
  kind: z.enum(['cpu', 'io', 'mixed']),
  params: z.record(z.string(), z.union([z.number(), z.string()])),
  contestant: z.object({ policy: z.string().min(1) }),
  status: z.enum(['ok', 'failed', 'unavailable', 'aborted']),
  /** Why the status is not `ok`. */
  reason: z.string().nullable(),
  digest: z.string().nullable(),
  throughput: ThroughputSchema.nullable(),
  ratio: RatioSchema.nullable(),
  cpuPerJob: CpuPerJobSchema.nullable(),
  rounds: z.array(RoundSchema),
});

const FingerprintSchema = z.object({
  node: z.string(),
  v8: z.string(),
  uv: z.string(),
  platform: z.string(),
  arch: z.string(),
  cpu: z.string(),
  cores: count,
  memoryBytes: amount,
  kernel: z.string(),
  /** Node's own flags, from the command line and NODE_OPTIONS. */
  flags: z.array(z.string()),
  addon: z.object({ state: z.enum(['built', 'absent', 'off']), hash: z.string().nullable() }),
  /** Of the project in which the run was started; null outside git. */
  commit: z.string().nullable(),
  dirty: z.boolean().nullable(),
  /** The version of loopdyno itself. */
  loopdyno: z.string(),
});

const LoadGeneratorSchema = z.object({
  engine: z.enum(['native', 'node']),
  /** What it reaches against a server that costs next to nothing. */
  ceilings: z.array(z.object({ size: count, messagesPerSecond: amount })),
});

export const ResultsSchema = z.object({
  schemaVersion: z.literal(SCHEMA_VERSION),
  status: z.enum(['complete', 'aborted']),
  startedAt: z.iso.datetime({ offset: true }),
  elapsedMs: amount,
  seed: z.int(),
  command: z.array(z.string()),
  mode: z.enum(['quick', 'standard']),
  /** The policy that every ratio is to. */
  reference: z.string(),
  fingerprint: FingerprintSchema,
  loadGenerator: LoadGeneratorSchema.nullable(),
  cells: z.array(CellSchema),
});

export interface Estimate {
  point: number;
  low: number | null;
  high: number | null;
}
export type Slice = z.infer<typeof SliceSchema>;
export type Round = z.infer<typeof RoundSchema>;
export type Cell = z.infer<typeof CellSchema>;
export type Fingerprint = z.infer<typeof FingerprintSchema>;
export type LoadGenerator = z.infer<typeof LoadGeneratorSchema>;
export type Results = z.infer<typeof ResultsSchema>;
export type Throughput = z.infer<typeof ThroughputSchema>;
export type Ratio = z.infer<typeof RatioSchema>;
export type CpuPerJob = z.infer<typeof CpuPerJobSchema>;
