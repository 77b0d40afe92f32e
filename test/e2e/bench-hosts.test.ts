/** `npm run bench:hosts`, with few simulated runs. */
import { describe, expect, it } from 'vitest';
import { benchProgram } from './command.js';

const hosts = benchProgram('hosts/hosts.js');

interface Line {
  hosts: number;
  tau: number;
  of: number;
  holds: number;
  halfWidth: number;
}

describe('bench:hosts', () => {
  it('counts, by hosts and tau, the intervals that hold the truth', async () => {
    const { code, stdout, stderr } = await hosts('--runs', '20', '--json');
    const { spreads, lines } = JSON.parse(stdout) as { spreads: unknown[]; lines: Line[] };
    expect(spreads).toHaveLength(18);
    expect(lines).toHaveLength(15);
    for (const { of, holds } of lines) {
      expect(of).toBe(18 * 20);
      expect(holds).toBeLessThanOrEqual(of);
    }
    const width = (count: number, tau: number): number =>
      lines.find((line) => line.hosts === count && line.tau === tau)?.halfWidth as number;
    expect(width(10, 0.05)).toBeLessThan(width(3, 0.05));
    expect(width(10, 0)).toBeLessThan(width(10, 0.05));
    const off = lines.some(
      (line) => line.hosts > 1 && (line.holds / line.of < 0.93 || line.holds / line.of > 0.97),
    );
    expect(code, stderr).toBe(off ? 1 : 0);
  });

  it('refuses what it does not understand, in one line', async () => {
    expect(await hosts('--runs', '0')).toMatchObject({
      code: 2,
      stderr: "--runs is a whole number from 1 on, but got '0'\n",
    });
    expect((await hosts('--run', 'nowhere')).stderr).toMatch(/^cannot read 'nowhere'/);
  });
});
