/** A slice of an open loop: jobs arrive at their times, whatever became of those before them. */
import { LoopdynoError } from '../text/errors.js';
import type { Loop } from '../loop/policy.js';
import type { Load, OfferedCounts } from '../workload/open-loop.js';
import type { Session } from '../workload/workload.js';
import type { Edges, Samples } from './samples.js';

/** The workload's jobs are not submitted by the contestant. */
export class NoOpenLoopError extends LoopdynoError {}

export interface OpenSliceOptions {
  /** How long jobs arrive, in ms. The slice ends when the last job is done. */
  readonly ms: number;
  readonly load: Load;
  readonly edges: Edges;
}

export async function offerJobs(
  loop: Loop,
  session: Session,
  { ms, load, edges }: OpenSliceOptions,
): Promise<Samples & { offered: OfferedCounts }> {
  if (session.offer === undefined) {
    throw new NoOpenLoopError(
      'this workload has no open loop, as its jobs come from outside: try one such as primes or fetch-all',
    );
  }
  const offer = session.offer.bind(session);
  const before = session.done;
  edges.ready();
  edges.begin();
  const began = performance.now();
  const { wait, service, latency } = await loop.run(() => offer(load, ms));
  const took = performance.now() - began;
  edges.end();
  return {
    jobs: session.done - before,
    ms: took,
    samplesMs: [],
    offered: { wait: wait.counts(), service: service.counts(), latency: latency.counts() },
  };
}
