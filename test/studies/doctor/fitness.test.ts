import { describe, expect, it } from 'vitest';
import type { MachineFacts } from '#dist/src/system/machine.js';
import { fitnessOf } from '#dist/src/studies/doctor/fitness.js';
import type { Noise } from '#dist/src/studies/doctor/noise.js';

const QUIET: MachineFacts = {
  cores: 4,
  parallelism: 4,
  cpuLimit: null,
  governor: 'performance',
  turbo: false,
  load: 0.2,
};
const STILL: Noise = { spread: 0.01, stalls: 0.1, timerLate: { p50: 0.1, p99: 0.3 }, steal: 0 };

describe('a machine', () => {
  it('with nothing in the way is fit', () => {
    expect(fitnessOf(QUIET, STILL)).toMatchObject({ fit: 'yes', advice: [] });
    const untold = { ...QUIET, governor: null, turbo: null };
    expect(fitnessOf(untold, { ...STILL, steal: null }).fit).toBe('yes');
  });

  const faults: [string, Partial<MachineFacts>, Partial<Noise>, 'noisy' | 'no', RegExp][] = [
    ['others at work', { load: 3 }, {}, 'noisy', /load 3\.0 on 4 cores/],
    [
      'a clock that follows',
      { governor: 'powersave' },
      {},
      'noisy',
      /governor powersave.*cpupower/,
    ],
    ['a limited container', { cpuLimit: 1.5 }, {}, 'noisy', /1\.5 of 4 cores/],
    ['one core', { parallelism: 1 }, {}, 'noisy', /one core/],
    ['some noise', {}, { spread: 0.05 }, 'noisy', /varies by 5\.0%.*--budget/],
    ['much noise', {}, { spread: 0.2 }, 'no', /varies by 20%/],
    ['some steal', {}, { steal: 0.05 }, 'noisy', /5\.0% of the CPU time to other machines/],
    ['much steal', {}, { steal: 0.3 }, 'no', /30% of the CPU time/],
  ];
  it.each(faults)('with %s is told so', (_what, facts, noise, fit, advice) => {
    const found = fitnessOf({ ...QUIET, ...facts }, { ...STILL, ...noise });
    expect(found.fit).toBe(fit);
    expect(found.advice).toHaveLength(1);
    expect(found.advice[0]).toMatch(advice);
  });
});
