/**
 * What measuring costs: the steps of a slice, with jobs that do nothing. The cost is part of every number, so each
 * contestant measures it, and it is reported with the results.
 */
import type { Loop } from '../loop/policy.js';
import type { HarnessCost } from '../protocol/measured.js';
import { Histogram } from '../stats/histogram.js';
import { median } from '../stats/quantile.js';
import type { Session } from '../workload/workload.js';
import { timeSamples } from './samples.js';

/** Long enough to be compiled and to give a median, in ms. */
const SAMPLES_MS = 6;
/** Several blocks, so that one that was interrupted, or not yet compiled, does not count. */
const BLOCKS = 9;
const JOBS_PER_BLOCK = 1000;

/** A session whose jobs do nothing. */
function idleSession(): Session {
  const session = {
    concurrency: 1,
    done: 0,
    *verify() {
      return '';
    },
    *batch(jobs: number) {
      session.done += jobs;
    },
    *rest() {},
    *close() {},
  };
  return session;
}

export async function harnessCost(loop: Loop): Promise<HarnessCost> {
  const { samplesMs } = await timeSamples(loop, idleSession(), { ms: SAMPLES_MS, batch: 1 });
  // What a session does per job besides the job itself: read the clock and record the time.
  const histogram = new Histogram();
  const blocksMs = Array.from({ length: BLOCKS }, () => {
    const began = performance.now();
    let last = began;
    for (let i = 0; i < JOBS_PER_BLOCK; i++) {
      const now = performance.now();
      histogram.record(now - last);
      last = now;
    }
    return last - began;
  });
  const jobUs = (median(blocksMs) * 1000) / JOBS_PER_BLOCK;
  return { sampleUs: median(samplesMs) * 1000, jobUs };
}
