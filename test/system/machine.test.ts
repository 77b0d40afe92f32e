import { describe, expect, it } from 'vitest';
import { cpuLimit } from '#dist/src/system/machine.js';

/** A file system of these files. */
const of = (files: Readonly<Record<string, string>>) => (path: string) => files[path] ?? null;

describe('the limit of CPU time', () => {
  it('is that of the container, under cgroup v2', () => {
    const read = of({ '/proc/self/cgroup': '0::/', '/sys/fs/cgroup/cpu.max': '150000 100000' });
    expect(cpuLimit(read)).toBe(1.5);
  });

  it('is the least of the groups above', () => {
    const read = of({
      '/proc/self/cgroup': '0::/a.slice/b.service',
      '/sys/fs/cgroup/a.slice/b.service/cpu.max': '400000 100000',
      '/sys/fs/cgroup/a.slice/cpu.max': '50000 100000',
      '/sys/fs/cgroup/cpu.max': 'max 100000',
    });
    expect(cpuLimit(read)).toBe(0.5);
  });

  it('is found under cgroup v1, too', () => {
    const read = of({
      '/proc/self/cgroup': '5:memory:/m\n1:cpu,cpuacct:/docker/x',
      '/sys/fs/cgroup/cpu/docker/x/cpu.cfs_quota_us': '-1',
      '/sys/fs/cgroup/cpu/docker/x/cpu.cfs_period_us': '100000',
      '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '200000',
      '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000',
    });
    expect(cpuLimit(read)).toBe(2);
  });

  it('is null without one', () => {
    expect(cpuLimit(of({}))).toBeNull();
    const read = of({ '/proc/self/cgroup': '0::/', '/sys/fs/cgroup/cpu.max': 'max 100000' });
    expect(cpuLimit(read)).toBeNull();
  });
});
