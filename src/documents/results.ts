/**
 * The results document: everything that one run measured, and enough about the machine and the command to judge the
 * numbers. It is the only interface between measuring and the rest: a run writes it, and everything that comes later
 * (estimates, verdicts, reports) reads nothing else.
 *
 *   Results ─┬─ fingerprint, harness, ceilings
 *            ├─ warnings; says: a sentence for each case
 *            └─ cells: one per workload × params × contestant
 *                 ├─ throughput, ratio, latency, …      what `analysis/` made of the rounds
 *                 ├─ rounds: one per fresh process      raw, never edited
 *                 │    └─ slices: one per turn
 *                 └─ hosts: in place of rounds, where several runs were averaged
 *
 * Version 1 may grow: a new key must be optional or have a default, so that older files still
 * parse, and readers ignore keys they do not know. A change that breaks this is version 2 and
 * comes with a step in `parse-results.ts`.
 */
import { z } from 'zod';
import type { Fingerprint } from '../system/fingerprint.js';
import {
  HarnessCostSchema,
  JobCountsSchema,
  MeasuresSchema,
  SliceSchema,
  type Measures,
  type Slice,
} from '../protocol/measured.js';
import type { Estimate } from '../text/format.js';
import { ARRIVALS } from '../workload/open-loop.js';
import {
  HostsSchema,
  MergedSchema,
  ShardSchema,
  type Hosts,
  type Merged,
  type Shard,
} from './merged.js';
import {
  FingerprintSchema,
  RunNoiseSchema,
  StatusSchema,
  amount,
  caseOf,
  checkOrder,
  count,
  estimate,
} from './parts.js';

export type { Estimate, Fingerprint, Hosts, Measures, Merged, Shard, Slice };

export const SCHEMA_VERSION = 1;

const RoundSchema = z.object({
  /** Rounds of different contestants with the same number were measured against each other. */
  round: count,
  /** The contestant's place in the order in which the round's processes were started. */
  position: count,
  /** The number of jobs per sample. */
  batch: z.int().positive(),
  /** The block of the slice: its turns are one observation together and follow each other. */
  block: z.int().positive().default(1),
  /** Ms from the start of the process until its first job was done; 0 if others started at the same time. */
  firstJobMs: amount,
  /** The warm-up: its ms, and whether it reached a steady state, or did as much work as an earlier one that did. */
  warm: z.object({ ms: amount, flat: z.boolean() }),
  digest: z.string(),
  measures: MeasuresSchema,
  harness: HarnessCostSchema,
  counts: JobCountsSchema.optional(),
  slices: z.array(SliceSchema),
});

const ThroughputSchema = z
  .object({ ...estimate, unit: z.literal('jobs/s') })
  .superRefine(checkOrder);
const RatioSchema = z.object({ to: z.string(), ...estimate }).superRefine(checkOrder);
/** The interval is that of the sum. `user` and `system` are its parts, without intervals. */
const CpuPerJobSchema = z
  .object({ ...estimate, user: amount, system: amount, unit: z.literal('us') })
  .superRefine(checkOrder);
const FirstJobSchema = z.object({ ...estimate, unit: z.literal('ms') }).superRefine(checkOrder);
/** Over all rounds together. */
const LatencySchema = z.object({
  count,
  p50: amount,
  p90: amount,
  p99: amount,
  p999: amount,
  max: amount,
  unit: z.literal('ms'),
});
const LagSchema = z.object({
  count,
  p50: amount,
  p99: amount,
  max: amount,
  unit: z.literal('ms'),
});
/** The highest peak of all rounds, and the median growth. */
const MemorySchema = z.object({ peakBytes: amount, growthBytes: z.number() });
/** `share`: of the measured time. */
const GcSchema = z.object({ count, ms: amount, share: amount });
/** Medians over the rounds; null if no round reports the figure. */
const CountedSchema = z.object({
  bytes: amount.nullable(),
  collections: amount.nullable(),
  calls: amount.nullable(),
  turns: amount.nullable(),
  /** Minor page faults. */
  faults: amount.nullable().default(null),
});
const SwitchesSchema = z.object({ voluntaryPerJob: amount, involuntaryPerJob: amount });
/**
 * Samples beyond Tukey's fences: more than 1.5 (mild) or 3 (severe) interquartile ranges outside
 * the quartiles of their round. They are counted and kept.
 */
const OutliersSchema = z.object({ samples: count, mild: count, severe: count });

/**
 * `faster` and `slower`: the interval of the ratio excludes 1. `no difference`: it includes 1, and its far end is near
 * 1. `unresolved`: the interval is too wide to say either, or there is none.
 */
const VerdictSchema = z.enum(['faster', 'slower', 'no difference', 'unresolved']);

const CellSchema = z.object({
  workload: caseOf.workload,
  kind: z.enum(['cpu', 'io', 'mixed']),
  params: caseOf.params,
  contestant: z.object({
    policy: z.string().min(1),
    /** What it runs on, for example `CPython 3.11.2`, if that is not the fingerprint's Node. */
    runtime: z.string().optional(),
  }),
  status: StatusSchema,
  /** Why the status is not `ok`. */
  reason: z.string().nullable(),
  digest: z.string().nullable(),
  /** The verdict on the ratio; null for the reference, and if there is no ratio. */
  verdict: VerdictSchema.nullable().default(null),
  throughput: ThroughputSchema.nullable(),
  ratio: RatioSchema.nullable(),
  cpuPerJob: CpuPerJobSchema.nullable(),
  latency: LatencySchema.nullable(),
  /** For an open loop: the parts of the latency. */
  wait: LatencySchema.nullable().default(null),
  service: LatencySchema.nullable().default(null),
  lag: LagSchema.nullable(),
  firstJob: FirstJobSchema.nullable(),
  memory: MemorySchema.nullable(),
  gc: GcSchema.nullable(),
  switches: SwitchesSchema.nullable(),
  /** Counts per job. */
  counted: CountedSchema.nullable().default(null),
  outliers: OutliersSchema.nullable(),
  rounds: z.array(RoundSchema),
  hosts: HostsSchema.exactOptional(),
});

/** What a run says about a case. Names in it are as others chose them: a reporter must clean it. */
const SaysSchema = z.object({
  ...caseOf,
  /** The case's verdicts as a sentence. */
  sentence: z.string(),
  /** Reasons to trust the numbers less. */
  remarks: z.array(z.string()),
  /**
   * Ms of further rounds until the case's ratios are as narrow as `precision` (or its default, if `precision` is 0 or
   * null). 0 if they are already.
   */
  moreMs: amount.default(0),
});

/** A sentence with what it is about: a warning that must be read before any number, or a line of the summary. */
const WarningSchema = z.object({ label: z.string(), text: z.string() });

/** A fixture at the other end of a case's work, and what it could do if a contestant cost nothing. */
const CeilingSchema = z.object({
  ...caseOf,
  engine: z.string(),
  /** What is counted, for example `messages`. */
  unit: z.string(),
  /** The ceiling, in `unit` per second. */
  perSecond: amount,
  /** The same ceiling in jobs of the workload, to compare with a cell's throughput. */
  jobsPerSecond: amount,
});

/** What measuring cost in this run. */
const HarnessSchema = z.object({
  /** Medians over all rounds, in µs. */
  sampleUs: amount,
  jobUs: amount,
  /** The largest share that this cost has of any cell's samples. */
  worstShare: amount,
  /** CPU time of the parent process while slices ran, as a share of the slices' time. */
  parentShare: amount,
  /** The share of the run's time in which a contestant was measured. */
  measuredShare: amount.default(0),
});

/** What a race is about: one program, and what was swapped under it. Its contestants are the variants. */
const RaceSchema = z.object({
  subject: z.string(),
  kind: z.enum(['function', 'server', 'command', 'benches']),
  /** What a job is: a call, an answered request, a whole run. */
  unit: z.enum(['calls', 'requests', 'runs']),
  vary: z.array(z.object({ key: z.string(), values: z.array(z.string()) })),
  /** What was not compared. */
  ignored: z.array(z.string()),
  /** The commit of the reference, where that is a build that does not change from race to race. */
  anchor: z.string().exactOptional(),
});

export const ResultsSchema = z.object({
  schemaVersion: z.literal(SCHEMA_VERSION),
  status: z.enum(['complete', 'aborted']),
  startedAt: z.iso.datetime({ offset: true }),
  elapsedMs: amount,
  seed: z.int(),
  command: z.array(z.string()),
  mode: z.enum(['quick', 'standard']),
  /** The time that all rounds could take, in ms; null if their number was given instead. */
  budgetMs: amount.nullable(),
  /** The half width of a ratio's interval at which a case gets no more rounds; null if it was not used. */
  precision: amount.nullable().default(null),
  /** For an open loop: how many jobs arrive per second, and how; null for a closed loop. */
  load: z
    .object({ perSecond: amount, arrivals: z.enum(ARRIVALS) })
    .nullable()
    .default(null),
  /** Of `loopdyno race`. */
  race: RaceSchema.exactOptional(),
  shard: ShardSchema.exactOptional(),
  merged: MergedSchema.exactOptional(),
  /** The policy that every ratio refers to. */
  reference: z.string(),
  fingerprint: FingerprintSchema,
  harness: HarnessSchema.nullable(),
  noise: RunNoiseSchema.nullable().default(null),
  ceilings: z.array(CeilingSchema),
  warnings: z.array(WarningSchema).default([]),
  /** A sentence for each policy over all cases; empty if there is one case. Names in it are as others chose them. */
  summary: z.array(WarningSchema).default([]),
  /** One for each case. */
  says: z.array(SaysSchema).default([]),
  cells: z.array(CellSchema),
});

export type Round = z.infer<typeof RoundSchema>;
export type Cell = z.infer<typeof CellSchema>;
export type Verdict = z.infer<typeof VerdictSchema>;
export type Says = z.infer<typeof SaysSchema>;
export type Warning = z.infer<typeof WarningSchema>;
export type Ceiling = z.infer<typeof CeilingSchema>;
export type Harness = z.infer<typeof HarnessSchema>;
export type Race = z.infer<typeof RaceSchema>;
export type Results = z.infer<typeof ResultsSchema>;
export type CpuPerJob = z.infer<typeof CpuPerJobSchema>;
