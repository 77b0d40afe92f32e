import { spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseCpuList, pin, pinning, pinningAmong } from '#dist/src/system/affinity.js';

describe('which core is whose', () => {
  it('reads the lists that Linux writes', () => {
    expect(parseCpuList('\t0-3,8\n')).toEqual([0, 1, 2, 3, 8]);
    expect(parseCpuList('5')).toEqual([5]);
    expect(parseCpuList('')).toEqual([]);
  });

  it('parts contestants from fixtures, and pins nothing on one core', () => {
    expect(pinningAmong([2, 3, 7])).toEqual({ contestants: 7, fixtures: 2 });
    expect(pinningAmong([4])).toBeNull();
    expect(pinningAmong([])).toBeNull();
  });

  it.skipIf(pinning() === null)('pins the main thread and no other', async () => {
    const child = spawn(process.execPath, ['-e', 'process.stdin.resume(); console.log()']);
    try {
      await new Promise((resolve) => child.stdout.once('data', resolve));
      const all = allowedOf(`${child.pid}`);
      await pin(child.pid, pinning()?.contestants);
      expect(allowedOf(`${child.pid}`)).toBe(String(pinning()?.contestants));
      const others = readdirSync(`/proc/${child.pid}/task`).filter((tid) => tid !== `${child.pid}`);
      expect(others.length).toBeGreaterThan(0);
      for (const tid of others) expect(allowedOf(`${child.pid}/task/${tid}`)).toBe(all);
    } finally {
      child.kill();
    }
  });

  it('lets a process that is gone be gone', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await new Promise((resolve) => child.once('close', resolve));
    await expect(pin(child.pid, 0)).resolves.toBeUndefined();
  });
});

function allowedOf(task: string): string | undefined {
  return /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync(`/proc/${task}/status`, 'utf8'))?.[1];
}
