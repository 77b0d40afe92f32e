/**
 * Timed samples of a session's work, by tinybench.
 *
 *   ready ─▶ 3 ms of work, or `leadMs`, and as many jobs as are in flight, uncounted: the start of
 *            a slice is not typical of it
 *   begin ─▶ tinybench: sample: loop.run(batch of n jobs) ──▶ ms, and how many jobs were done meanwhile
 *                       sample …                                      until `ms` are spent
 *   end ───▶ rest: jobs under way are completed, uncounted
 *
 * Equally many jobs are under way at `begin` and at `end`, so the CPU time for them cancels.
 *
 * Work flows on while samples are taken (see `workload.ts`), so a sample may see more jobs done than it waited for, and
 * jobs done between two samples are in neither sample's time nor count. So a sample's value is its time over the jobs
 * it saw. This is tinybench's way for a function that does several calls: an overridden duration, with the whole time
 * as the iteration's cost.
 */
import { Bench } from 'tinybench';
import type { Loop } from '../loop/policy.js';
import type { Session } from '../workload/workload.js';

/**
 * The shortest untimed start, in ms. A process that was idle while others had their turns is slow at first: the first
 * four sieves of a slice took 390 to 430 µs each, the next four were 5 to 10% above the rest. A fixed number of jobs
 * would leave more of that in the slices of a fast policy than in those of a slow one.
 */
const LEAD_MS = 3;

export interface Samples {
  /** Jobs done while a sample was timed, and the ms of all samples. */
  jobs: number;
  ms: number;
  /** Ms per job of each sample, ascending. */
  samplesMs: number[];
}

export interface SampleOptions {
  /** The time to spend, in ms. */
  readonly ms: number;
  /** The number of jobs per sample. */
  readonly batch: number;
  readonly leadMs?: number;
  readonly edges?: Partial<Edges>;
}

/** Callbacks at points of a slice; tinybench's own sums come after `end`. */
export interface Edges {
  readonly ready: () => void;
  readonly begin: () => void;
  readonly end: () => void;
}

export async function timeSamples(
  loop: Loop,
  session: Session,
  { ms, batch, leadMs = LEAD_MS, edges = {} }: SampleOptions,
): Promise<Samples> {
  const bench = new Bench({
    time: ms,
    iterations: 1,
    warmup: false,
    retainSamples: true,
    throws: true,
  });
  const all = { jobs: 0, ms: 0 };
  const job = () => session.batch(batch);
  const sample = async () => {
    const before = session.done;
    const began = bench.now();
    await loop.run(job);
    const took = bench.now() - began;
    const jobs = session.done - before;
    all.jobs += jobs;
    all.ms += took;
    return { overriddenDuration: took / jobs, overriddenIterationCost: took };
  };
  bench.add('sample', sample, {
    async: true,
    beforeAll: async () => {
      edges.ready?.();
      const began = bench.now();
      do await loop.run(() => session.batch(session.concurrency));
      while (bench.now() - began < leadMs);
      edges.begin?.();
    },
    afterAll: async () => {
      edges.end?.();
      await loop.run(() => session.rest());
    },
  });
  await bench.run();
  const result = bench.tasks[0]?.result;
  if (result?.state !== 'completed') throw new Error(`tinybench ended as ${result?.state}`);
  const samplesMs = (result.latency.samples ?? []).map((each) => Number(each.toPrecision(6)));
  return { ...all, samplesMs };
}
