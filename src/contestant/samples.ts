/**
 * Timed samples of a session's work, by tinybench.
 *
 *   ready ─▶ 3 ms of work, or as many as are asked for, and as many jobs as are in flight, uncounted: what starts
 *            a slice is not what goes on in it
 *   begin ─▶ tinybench: sample: loop.run(batch of n jobs) ──▶ ms, and how many jobs were done meanwhile
 *                       sample …                                      until `ms` are spent
 *   end ───▶ rest: those under way come home, uncounted
 *
 * As many jobs are under way at `begin` as at `end`: what the CPU did for them cancels.
 *
 * Work flows on while samples are taken (see `workload.ts`), so a sample may see more jobs done than
 * it waited for, and what is done between two samples is in neither's time nor count. A sample's
 * value is therefore its time over the jobs it saw: tinybench's way for a function that does several
 * calls, an overridden duration with the whole time as the iteration's cost.
 */
import { Bench } from 'tinybench';
import type { Loop } from '../loop/policy.js';
import type { Session } from '../workload/workload.js';

/**
 * Ms of the untimed start, at least. A process that was silent while the others had their turns is slow at
 * first: the first four sieves of a slice took 390 to 430 µs each, the next four 5 to 10% above the rest. As
 * many jobs for each would leave more of that in the slices of a fast policy than in those of a slow one.
 */
const LEAD_MS = 3;

export interface Samples {
  /** Jobs that were done while a sample was timed, and the ms of all samples. */
  jobs: number;
  ms: number;
  /** Ms per job of each sample, ascending. */
  samplesMs: number[];
}

export interface SampleOptions {
  /** Ms to spend. */
  readonly ms: number;
  /** Jobs that a sample waits for. */
  readonly batch: number;
  readonly leadMs?: number;
  readonly edges?: Partial<Edges>;
}

/** What is told of a slice's course: tinybench's own sums come after `end`. */
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
