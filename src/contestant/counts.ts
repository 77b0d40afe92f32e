/**
 * What a fixed number of jobs takes of what can be counted. Counts are the same whatever else the machine does, so they
 * show a change of some percent where a clock shows noise.
 *
 *   bytes    of the main thread's heap:   used  ▁▂▃▄▅|▁▂▃▄▅|▁▂▃     what was used before a collection, less what the one
 *                                               ─────┴─────┴───     before it had left, summed up; exact but for what
 *                                                collections        the heap hands out as a whole to be filled
 *   calls    reads and writes that the process asked of the kernel (`/proc/self/io`): files and sockets, all threads
 *   turns    of Node's own loop
 *   faults   pages that the kernel had to map (minor page faults), all threads: memory that was given back and is taken
 *            again, as large buffers are, costs one for each 4 KiB
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
  const heap = HEAP_TELLS ? new HeapCount() : null;
  // As many are under way at the end as at the beginning.
  await loop.run(() => session.batch(session.concurrency));
  const before = session.done;
  heap?.begin();
  const [asked, turned, faulted] = [calls(), loopTurns(), pageFaults()];
  await loop.run(() => session.batch(jobs));
  const faults = pageFaults() - faulted;
  const turns = since(turned, loopTurns());
  const asks = since(asked, calls());
  const counts = heap?.end();
  const done = session.done - before;
  await loop.run(() => session.rest());
  return {
    jobs: done,
    ...counts,
    ...(asks !== null && { calls: Math.max(0, asks - OWN) }),
    ...(turns !== null && { turns }),
    faults,
  };
}

/** Bun has the names, and another collector behind them. */
const HEAP_TELLS = !('Bun' in globalThis) && typeof GCProfiler === 'function';

class HeapCount {
  private readonly profiler = new GCProfiler();
  private used = 0;

  begin(): void {
    this.profiler.start();
    this.used = usedBytes();
  }

  end(): { bytes: number; collections: number } {
    const used = usedBytes();
    const statistics = this.profiler.stop()?.statistics ?? [];
    let bytes = 0;
    let left = this.used;
    for (const { beforeGC, afterGC } of statistics) {
      bytes += beforeGC.heapStatistics.usedHeapSize - left;
      left = afterGC.heapStatistics.usedHeapSize;
    }
    return { bytes: Math.max(0, bytes + used - left), collections: statistics.length };
  }
}

function since(before: number | null, after: number | null): number | null {
  return before === null || after === null ? null : after - before;
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

function pageFaults(): number {
  return process.resourceUsage().minorPageFault;
}

/** Null where Node does not count them. */
function loopTurns(): number | null {
  const { uvMetricsInfo } = performance.nodeTiming as { uvMetricsInfo?: { loopCount: number } };
  return uvMetricsInfo?.loopCount ?? null;
}
