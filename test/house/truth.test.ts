/** What `bench:truth` makes of figures that are known. */
import { describe, expect, it } from 'vitest';
import { compare, isTrue } from '#dist/bench/truth/compare.js';
import type { BareCell } from '#dist/bench/truth/estimates.js';
import type { Cell, Estimate } from '#dist/src/documents/results.js';
import { goldenResults } from '../golden/golden.js';

const [golden] = goldenResults().cells as [Cell];

/** A point, and an interval of this half-width on the log scale; none for null. */
function estimate(point: number, half: number | null): Estimate {
  if (half === null) return { point, low: null, high: null };
  return { point, low: point * Math.exp(-half), high: point * Math.exp(half) };
}

interface Figures {
  policy?: string;
  kind?: 'cpu' | 'io';
  cpu?: number;
  ratio?: Estimate | null;
}

function cell({ policy = 'queue', kind = 'cpu', cpu = 100, ratio = null }: Figures): Cell {
  return {
    ...golden,
    workload: 'primes',
    params: {},
    kind,
    contestant: { ...golden.contestant, policy },
    status: 'ok',
    reason: null,
    throughput: { ...estimate(1000, 0.02), unit: 'jobs/s' },
    cpuPerJob: { ...(golden.cpuPerJob as object), ...estimate(cpu, 0.02) } as Cell['cpuPerJob'],
    ratio: ratio && { to: 'microtask', ...ratio },
  };
}

function bare({ policy = 'queue', kind = 'cpu', ratio = null }: Figures): BareCell {
  const figures = { cpuUs: estimate(100, 0.02), jobsPerSecond: estimate(1000, 0.02) };
  return { workload: 'primes', params: {}, kind, policy, ...figures, ratio };
}

const reference = cell({ policy: 'microtask', ratio: estimate(1, 0) });
const bareReference = bare({ policy: 'microtask' });

function verdict(run: Estimate, own: Estimate): string | undefined {
  const comparison = compare(
    [reference, cell({ ratio: run })],
    [bareReference, bare({ ratio: own })],
    'microtask',
  );
  return comparison.rows.find(({ policy }) => policy === 'queue')?.ratio?.verdict;
}

describe('a ratio of a run', () => {
  it('holds where it differs from the bare one by no more than both are uncertain', () => {
    expect(verdict(estimate(1.05, 0.05), estimate(1, 0.04))).toBe('holds');
    expect(verdict(estimate(1.08, 0.05), estimate(1, 0.04))).toBe('off');
  });

  it('is not sure where intervals are so wide that nearly all would hold', () => {
    expect(verdict(estimate(1.05, 0.3), estimate(1, 0.04))).toBe('unsure');
    expect(verdict(estimate(1.05, 0.05), estimate(1, 0.3))).toBe('unsure');
    expect(verdict(estimate(3, 0.3), estimate(1, 0.04))).toBe('off');
  });

  it('is not sure beside one bare process, which has no interval', () => {
    expect(verdict(estimate(1, 0.05), estimate(1, null))).toBe('unsure');
    expect(verdict(estimate(1.5, 0.05), estimate(1, null))).toBe('unsure');
    expect(verdict(estimate(1, null), estimate(1, 0.05))).toBe('unsure');
  });
});

describe('a run', () => {
  const good = estimate(1, 0.04);
  const compared = (own: Figures, other: Figures = own) =>
    compare([reference, cell(own)], [bareReference, bare(other)], 'microtask');

  it('is true where all CPU figures are near and the ratios hold', () => {
    const comparison = compared({ ratio: good });
    expect(comparison.aims.map(({ what, met, of }) => [what, met, of])).toEqual([
      ['cpu', 2, 2],
      ['ratios', 1, 1],
    ]);
    expect(isTrue(comparison)).toBe(true);
  });

  it('may be off by 5% in CPU per job of computing, and by 10% with IO', () => {
    const near = (kind: 'cpu' | 'io', cpu: number): boolean | undefined =>
      compared({ kind, cpu }).rows.find(({ policy }) => policy === 'queue')?.near;
    expect([near('cpu', 104.9), near('cpu', 105.1), near('cpu', 95.1)]).toEqual([
      true,
      false,
      false,
    ]);
    expect([near('io', 109.9), near('io', 110.1), near('io', 90.1)]).toEqual([true, false, false]);
  });

  it('is not true where a figure is far, or a ratio is off or unsure', () => {
    expect(isTrue(compared({ cpu: 106, ratio: good }))).toBe(false);
    expect(isTrue(compared({ ratio: estimate(1.2, 0.04) }, { ratio: good }))).toBe(false);
    expect(isTrue(compared({ ratio: estimate(1, 0.5) }, { ratio: good }))).toBe(false);
  });

  it('is not true where something that was asked for could not be compared', () => {
    const failed = {
      ...cell({}),
      status: 'failed',
      reason: 'it exploded',
      cpuPerJob: null,
    } as Cell;
    const comparison = compare([reference, failed], [bareReference], 'microtask');
    expect(comparison.missing).toEqual(['primes, queue: it exploded']);
    expect(isTrue(comparison)).toBe(false);
    expect(compared({}).missing).toEqual(['primes, queue: no ratio to microtask']);
    expect(compare([cell({ ratio: good })], [], 'microtask').missing).toEqual([
      'primes, queue: there is no bare figure',
    ]);
    expect(isTrue(compare([], [], 'microtask'))).toBe(false);
  });
});
