/**
 * What a cell's pairs compare: one time per job, declared before anything is measured.
 *
 *   cpu       CPU time of all threads       computing, and pools: a neighbour takes the core, but not the CPU time
 *   typical   median of the samples         IO: its fast samples are those whose messages came in a bunch
 *   fast      10th percentile of them       work that waits and computes: what disturbs it only ever adds time
 *
 * Spread of pairs of the same code (standard deviation of the log ratio; 8 to 11 pairs a cell, 2 cores), quiet / beside a
 * process that spins in bursts of up to 1.5 s:
 *
 *                    primes              echo, 1 KiB          deferred             workers, both
 *   cpu         2.0 to 3.0 / 2.0 to 4.6%  2.1 to 3.5 / 4 to 20%    1.9 to 2.6 / 2.6 to 5.2%  2.4, 5.0 / 4.5, 8.4%
 *   typical     2.2 to 3.0 / 6 to 21      0.8 to 1.0 / 1.5 to 3.8  0.8 to 1.3 / 12 to 26     2.0, 4.1 / 8, 15
 *   fast        2.1 to 2.7 / 2.0 to 4.9   0.6 to 1.2 / 6 to 11     0.7 to 0.9 / 2.4 to 4.0   2.1, 18  / 19, 19
 */
import { cpuJobsOf, cpuUsOf } from '../../analysis/cpu-per-job.js';
import type { Round } from '../../documents/results.js';
import type { Capabilities } from '../../loop/policy.js';
import { quantile } from '../../stats/quantile.js';
import type { Kind } from '../../workload/workload.js';

export type Quantity = 'cpu' | 'typical' | 'fast';

/** Elsewhere than on Linux, CPU time lacks that of child processes, or is counted in steps of 15.6 ms. */
const CPU_IS_TOLD = process.platform === 'linux';

export function quantityOf({ parallel }: Capabilities, kind: Kind): Quantity {
  if (CPU_IS_TOLD && (parallel || kind === 'cpu')) return 'cpu';
  return kind === 'io' ? 'typical' : 'fast';
}

const SHARES = { typical: 0.5, fast: 0.1 } as const;

/** The time per job of some slices; 0 where they have none. Its unit is the same for base and head. */
export function timeOf(quantity: Quantity | number, slices: Round['slices']): number {
  if (quantity === 'cpu') {
    const jobs = cpuJobsOf(slices);
    return jobs === 0 ? 0 : cpuUsOf(slices) / jobs;
  }
  const share = typeof quantity === 'number' ? quantity : SHARES[quantity];
  const samples = slices.flatMap(({ samplesMs }) => samplesMs);
  return samples.length === 0 ? 0 : quantile(samples, share);
}
