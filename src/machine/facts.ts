/** What of a machine matters to a measurement, as far as the system tells. Linux tells most. */
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';

export interface MachineFacts {
  readonly cores: number;
  /** What Node may use of them. */
  readonly parallelism: number;
  /** Cores' worth of CPU time that a container may use; null without a limit. */
  readonly cpuLimit: number | null;
  /** Such as `performance`; null where the system does not say, as on most virtual machines. */
  readonly governor: string | null;
  /** Whether the clock may rise for a while; null where the system does not say. */
  readonly turbo: boolean | null;
  /** Over the last minute. */
  readonly load: number;
}

export function machineFacts(): MachineFacts {
  return {
    cores: cpus().length,
    parallelism: availableParallelism(),
    cpuLimit: cpuLimit(),
    governor: read('/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor'),
    turbo: turbo(),
    load: loadavg()[0] as number,
  };
}

/** CPU time since the system started, in ticks: all of it, and what the hypervisor kept. */
export function cpuTicks(): { total: number; steal: number } | null {
  const line = /^cpu +(.*)$/m.exec(read('/proc/stat') ?? '')?.[1];
  if (line === undefined) return null;
  const fields = line.split(' ').map(Number);
  // user nice system idle iowait irq softirq steal; what guests used is part of user already.
  const counted = fields.slice(0, 8);
  return { total: counted.reduce((sum, ticks) => sum + ticks, 0), steal: counted[7] ?? 0 };
}

function cpuLimit(): number | null {
  const [quota, period] = (read('/sys/fs/cgroup/cpu.max') ?? '').split(' ');
  return quota === undefined || quota === '' || quota === 'max'
    ? null
    : Number(quota) / Number(period);
}

function turbo(): boolean | null {
  const off = read('/sys/devices/system/cpu/intel_pstate/no_turbo');
  if (off !== null) return off === '0';
  const boost = read('/sys/devices/system/cpu/cpufreq/boost');
  return boost === null ? null : boost === '1';
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return null;
  }
}
