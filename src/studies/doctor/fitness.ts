/** What a machine's facts and noise mean for measuring on it, as sentences. Pure. */
import { formatNumber, formatShare } from '../../text/format.js';
import type { MachineFacts } from '../../system/machine.js';
import type { Noise } from './noise.js';

export interface Fitness {
  readonly fit: 'yes' | 'noisy' | 'no';
  readonly verdict: string;
  /** What is wrong, and what to do about it. */
  readonly advice: readonly string[];
}

/** The spreads and shares from which on a machine is called noisy, unfit or busy. */
const NOISY = 0.03;
const UNFIT = 0.1;
const STOLEN = 0.02;
const BUSY_SHARE = 0.3;

const VERDICTS = {
  yes: 'This machine is fit for measuring.',
  noisy: 'This machine is noisy, but ratios within one run can be trusted. It could be better:',
  no: 'This machine is not fit for measuring as it is: only large differences will show.',
} as const;

export function fitnessOf(machine: MachineFacts, noise: Noise): Fitness {
  const advice = adviceOn(machine, noise);
  const unfit = noise.spread > UNFIT || (noise.steal ?? 0) > UNFIT;
  const fit = unfit ? 'no' : advice.length > 0 ? 'noisy' : 'yes';
  return { fit, verdict: VERDICTS[fit], advice };
}

function adviceOn(machine: MachineFacts, noise: Noise): string[] {
  const advice: string[] = [];
  const { load, cores, cpuLimit, governor, parallelism } = machine;
  if (load > BUSY_SHARE * cores) {
    advice.push(
      `Others are at work here (load ${formatNumber(load, 2)} on ${cores} cores): wait, or end them.`,
    );
  }
  if (governor !== null && governor !== 'performance') {
    advice.push(
      `The clock follows the load (governor ${governor}): sudo cpupower frequency-set -g performance`,
    );
  }
  if (noise.steal !== null && noise.steal > STOLEN) {
    advice.push(
      `The hypervisor gave ${formatShare(noise.steal)} of the CPU time to other machines: ` +
        'trust ratios within a run, never times of different runs.',
    );
  }
  if (cpuLimit !== null && cpuLimit < cores) {
    advice.push(
      `This container may use ${formatNumber(cpuLimit, 2)} of ${cores} cores: what goes beyond ` +
        'is stopped for tens of ms, in the middle of slices. Give it whole cores.',
    );
  }
  if (parallelism < 2) {
    advice.push('There is one core: clients and servers share it, and threads cannot pay.');
  }
  if (noise.spread > NOISY) {
    advice.push(
      `The same work varies by ${formatShare(noise.spread)}: give runs a longer --budget.`,
    );
  }
  return advice;
}
