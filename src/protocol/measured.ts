/** What a contestant says that it measured. It stands in the results document as it was said. */
import { z } from 'zod';

const count = z.int().nonnegative();
const amount = z.number().nonnegative();

/** What the machine did to a slice. */
export const NoiseSchema = z.object({
  /** µs that the main thread was ready to run and had no core (`schedstat`). */
  delayUs: amount,
  /** µs that a fixed piece of work took just before the slice, on the same core. */
  pulseUs: amount,
});

export const SliceSchema = z.object({
  /** Which turn of the round; contestants are compared within a turn. */
  turn: count,
  /** Jobs that were done while a sample was timed. */
  jobs: count,
  /** Ms in which `jobs` were done: the sum of the samples. */
  ms: amount,
  /** Jobs that were done in the whole slice, those too that came to rest after the last sample. */
  allJobs: count,
  /** The jobs among them that were done between the untimed start and the last sample. Default: `allJobs`. */
  cpuJobs: count.exactOptional(),
  /** CPU time of the whole process for them, all its threads. */
  cpuUserUs: amount,
  cpuSystemUs: amount,
  /** Ms per job of each sample, ascending. */
  samplesMs: z.array(amount),
  /** Garbage collections during the slice, and their ms, where the runtime says so. */
  collections: z.object({ count, ms: amount }).exactOptional(),
  noise: NoiseSchema.exactOptional(),
});

/** Durations by bucket of `stats/histogram.ts`: index, count, index, count, … */
export const CountsSchema = z.array(count);

/** What a contestant's process says of one round, of its slices alone and without its warm-up. */
export const MeasuresSchema = z.object({
  /** From when a job was asked for until its result was there. */
  latency: CountsSchema,
  /** An open loop's latency in two parts: from the intended arrival until the job was submitted, and from there. */
  wait: CountsSchema.optional(),
  service: CountsSchema.optional(),
  /** How late a heartbeat under the policy's own timers was, each beat from its due time. */
  lag: CountsSchema,
  /** The most memory the process ever had, and how much more it had after the slices than before; null if not told. */
  memory: z.object({ peakBytes: amount, growthBytes: z.number() }).nullable(),
  /** Collections of the main thread's heap; null if not told. */
  gc: z.object({ count, ms: amount }).nullable(),
  /** Context switches of all threads: it waited for something; it was made to wait. Null if not told. */
  switches: z.object({ voluntary: count, involuntary: count }).nullable(),
});

/** What a fixed number of jobs at the end of a round took. What the system does not tell is left out. */
export const JobCountsSchema = z.object({
  jobs: z.int().positive(),
  /** Allocated in the main thread's heap; memory of buffers is not in it. */
  bytes: amount.exactOptional(),
  /** Garbage collections of that heap. */
  collections: count.exactOptional(),
  /** Reads and writes that the process asked of the kernel. */
  calls: count.exactOptional(),
  /** Turns of Node's loop. */
  turns: count.exactOptional(),
  /** Minor page faults of the process: pages of memory that the kernel had to map. */
  faults: count.exactOptional(),
});

/** What measuring costs, measured in the contestant itself with jobs that do nothing. */
export const HarnessCostSchema = z.object({
  /** µs per sample. */
  sampleUs: amount,
  /** µs per job. */
  jobUs: amount,
});

export type Slice = z.infer<typeof SliceSchema>;
export type Measures = z.infer<typeof MeasuresSchema>;
export type JobCounts = z.infer<typeof JobCountsSchema>;
export type HarnessCost = z.infer<typeof HarnessCostSchema>;
export type Noise = z.infer<typeof NoiseSchema>;
