import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { averageOver, type HostRounds } from '#dist/src/analysis/hosts.js';
import { NO_PRIOR } from '#dist/src/stats/prior-spread.js';
import { simulate, type CellSpread } from '#dist/bench/hosts/simulate.js';
import { expectClose } from '../stats/close.js';

/** As in results/sample: rounds spread by 1.8 to 8.5%. */
const CELLS: CellSpread[] = Array.from({ length: 18 }, (_, at) => ({
  deviation: 0.018 + 0.004 * at,
  rounds: 2 + (at % 4),
  unit: 0.01 + 0.002 * at,
}));

describe('the mean over hosts', () => {
  it.each([0, 0.02, 0.05])(
    'of five has an interval that holds the truth in 93 to 97% of runs, if hosts differ by %d',
    (tau) => {
      const { holds, of } = simulate(CELLS, { hosts: 5, tau, runs: 400, seed: 3 });
      expect(of).toBe(18 * 400);
      // 7,200 intervals tell a share to ±0.5%.
      expect(holds / of).toBeGreaterThan(0.93);
      expect(holds / of).toBeLessThan(0.97);
    },
  );

  it('of two and of ten has one, too', () => {
    for (const hosts of [2, 10]) {
      const { holds, of } = simulate(CELLS, { hosts, tau: 0.03, runs: 200, seed: 4 });
      expect(holds / of, `${hosts} hosts`).toBeGreaterThan(0.93);
      expect(holds / of, `${hosts} hosts`).toBeLessThan(0.97);
    }
  });

  it('is needed: one host alone holds the truth of all in fewer than 70%, if they differ by 5%', () => {
    const { holds, of } = simulate(CELLS, { hosts: 1, tau: 0.05, runs: 100, seed: 5 });
    expect(holds / of).toBeLessThan(0.7);
  });

  const log = fc.integer({ min: -2000, max: 2000 }).map((value) => value / 1000);
  const host = fc
    .array(log, { minLength: 1, maxLength: 6 })
    .map((logs): HostRounds => ({ logs, prior: NO_PRIOR }));
  const hosts = fc.array(host, { minLength: 2, maxLength: 8 });

  it('is inverted when the two that are compared change places', () => {
    fc.assert(
      fc.property(hosts, (given) => {
        const there = averageOver(given);
        const back = averageOver(
          given.map(({ logs, prior }) => ({ logs: logs.map((each) => -each), prior })),
        );
        expectClose(Math.log(back.ratio.point), -Math.log(there.ratio.point), 1e-6, 1);
        expectClose(
          Math.log(back.ratio.low as number),
          -Math.log(there.ratio.high as number),
          1e-6,
          1,
        );
        expect(back.tau === null).toBe(there.tau === null);
      }),
    );
  });

  it('weighs a host with more rounds more, where hosts do not differ', () => {
    const logs = [
      [0, 0.01, -0.01, 0.02, -0.02, 0.01, -0.01, 0],
      [0.02, 0.04],
    ];
    const { ratio, tau } = averageOver(logs.map((each) => ({ logs: each, prior: NO_PRIOR })));
    expect(tau?.point).toBeLessThan(0.03);
    expect(Math.log(ratio.point)).toBeLessThan(0.015);
    expect(Math.log(ratio.point)).toBeGreaterThan(0);
  });
});
