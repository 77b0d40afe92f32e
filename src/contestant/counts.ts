/**
 * What a fixed number of jobs takes of what can be counted. Counts are the same whatever else the machine does, so they
 * show a change of some percent where a clock shows noise.
 *
 *   bytes    of the main thread's heap:   used  ▁▂▃▄▅|▁▂▃▄▅|▁▂▃     what was used before a collection, less what the one
 *                                               ─────┴─────┴───     before it had left, summed up; exact but for what
 *                                                collections        the heap hands out as a whole to be filled
 *   calls    reads and writes that the process asked of the kernel (`/proc/self/io`): files and sockets, all threads
 *   turns    of Node's own loop
 *
 * It comes after the last slice, as the collector is slower while each collection is asked for its bytes.
 */
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { GCProfiler, getHeapStatistics } from 'node:v8';
import type { Loop } from '../loop/policy.js';
import type { JobCounts } from '../protocol/measured.js';
import type { Session } from '../workload/workload.js';

export async function countJobs(loop: Loop, session: Session, jobs: number): Promise<JobCounts> {
  const { concurrency } = session;
  const profiler = new GCProfiler();
  // As many are under way at the end as at the beginning.
  await loop.run(() => session.batch(concurrency));
  profiler.start();
  const [reads, turns] = [calls(), loopTurns()];
  const [before, used] = [session.done, usedBytes()];
  await loop.run(() => session.batch(jobs));
  const [after, done] = [usedBytes(), session.done - before];
  const [readsAfter, turnsAfter] = [calls(), loopTurns()];
  const collections = profiler.stop()?.statistics ?? [];
  await loop.run(() => session.rest());
  let bytes = 0;
  let left = used;
  for (const { beforeGC, afterGC } of collections) {
    bytes += beforeGC.heapStatistics.usedHeapSize - left;
    left = afterGC.heapStatistics.usedHeapSize;
  }
  return {
    jobs: done,
    bytes: Math.max(0, bytes + after - left),
    collections: collections.length,
    ...(reads !== null && readsAfter !== null && { calls: Math.max(0, readsAfter - reads - OWN) }),
    ...(turns !== null && turnsAfter !== null && { turns: turnsAfter - turns }),
  };
}

function usedBytes(): number {
  return getHeapStatistics().used_heap_size;
}

/** Reads that one look takes: of the file, and of its end. */
const OWN = 2;

/** Null where the system does not say. */
function calls(): number | null {
  try {
    const [, reads, writes] =
      /syscr: (\d+)\nsyscw: (\d+)/.exec(readFileSync('/proc/self/io', 'utf8')) ?? [];
    return reads === undefined || writes === undefined ? null : Number(reads) + Number(writes);
  } catch {
    return null;
  }
}

/** Null where Node does not count them. */
function loopTurns(): number | null {
  const { uvMetricsInfo } = performance.nodeTiming as { uvMetricsInfo?: { loopCount: number } };
  return uvMetricsInfo?.loopCount ?? null;
}
