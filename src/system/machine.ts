/** The facts of a machine that matter to a measurement, as far as the system reports them. Linux reports most. */
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { posix } from 'node:path';

export interface MachineFacts {
  readonly cores: number;
  /** The number of cores that Node may use. */
  readonly parallelism: number;
  /** CPU time that a container may use, in cores; null without a limit. */
  readonly cpuLimit: number | null;
  /** For example `performance`; null where the system does not report it, as on most virtual machines. */
  readonly governor: string | null;
  /** Whether the clock may rise for a while; null where the system does not report it. */
  readonly turbo: boolean | null;
  /** Load average over the last minute. */
  readonly load: number;
}

export function machineFacts(): MachineFacts {
  return {
    cores: cpus().length,
    parallelism: availableParallelism(),
    cpuLimit: cpuLimit(read),
    governor: read('/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor'),
    turbo: turbo(),
    load: loadavg()[0] as number,
  };
}

/** CPU time since the system started, in ticks: the total, and what the hypervisor kept (steal). */
export function cpuTicks(): { total: number; steal: number } | null {
  const line = /^cpu +(.*)$/m.exec(read('/proc/stat') ?? '')?.[1];
  if (line === undefined) return null;
  const fields = line.split(' ').map(Number);
  // user nice system idle iowait irq softirq steal; what guests used is already part of user.
  const counted = fields.slice(0, 8);
  return { total: counted.reduce((sum, ticks) => sum + ticks, 0), steal: counted[7] ?? 0 };
}

/** The least CPU limit of this process's group and the groups above it, as each of them applies. */
export function cpuLimit(readFile: (path: string) => string | null): number | null {
  const limits: number[] = [];
  const add = (quota: string | null | undefined, period: string | null | undefined): void => {
    const limit = Number(quota) / Number(period);
    if (limit > 0 && Number.isFinite(limit)) limits.push(limit); // else `max`, -1 or no file
  };
  for (const line of (readFile('/proc/self/cgroup') ?? '').split('\n')) {
    const [, controllers = '', group = '/'] = line.split(':');
    const second = controllers === '';
    if (!second && !controllers.split(',').includes('cpu')) continue;
    const root = second ? '/sys/fs/cgroup' : '/sys/fs/cgroup/cpu';
    for (let path = group; ; path = posix.dirname(path)) {
      const folder = posix.join(root, path);
      if (second) {
        const [quota, period] = (readFile(posix.join(folder, 'cpu.max')) ?? '').split(' ');
        add(quota, period);
      } else {
        add(
          readFile(posix.join(folder, 'cpu.cfs_quota_us')),
          readFile(posix.join(folder, 'cpu.cfs_period_us')),
        );
      }
      if (path === posix.dirname(path)) break;
    }
  }
  return limits.length === 0 ? null : Math.min(...limits);
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
