import { describe, expect, it } from 'vitest';
import { summaryOf } from '#dist/src/analysis/summary.js';
import type { Cell } from '#dist/src/documents/results.js';
import { goldenResults } from '../golden/golden.js';

const one = goldenResults().cells[0] as Cell;

/** A cell whose ratio has this interval, with its lag at the 99th percentile in ms. */
function cell(
  workload: string,
  policy: string,
  interval: readonly [number, number] | null,
  { lag = 1, ...rest }: Partial<Omit<Cell, 'lag'>> & { lag?: number } = {},
): Cell {
  const ratio = interval && {
    to: 'microtask',
    point: Math.sqrt(interval[0] * interval[1]),
    low: interval[0],
    high: interval[1],
  };
  const own = { ...one, workload, params: {}, contestant: { policy }, status: 'ok' as const };
  return { ...own, reason: null, ratio, lag: { ...one.lag!, p99: lag }, ...rest };
}

function summary(...cells: Cell[]): string[] {
  return summaryOf({ cells, reference: 'microtask' }).map(({ label, text }) => `${label}: ${text}`);
}

const reference = ['primes', 'echo', 'timers'].map((name) => cell(name, 'microtask', [1, 1]));

describe('a run in short', () => {
  it('has a sentence for each policy: what it does faster, slower, alike, and what is open', () => {
    const found = summary(
      ...reference,
      cell('primes', 'uv', [0.96, 1.04]),
      cell('echo', 'uv', [1.3, 1.4]),
      cell('timers', 'uv', [0.9, 1.2]),
      cell('primes', 'workers', [1.7, 1.9]),
      cell('echo', 'workers', [1.1, 1.2], { params: { size: 1024 } }),
      cell('timers', 'workers', [0.5, 0.6]),
    );
    expect(found).toEqual([
      'uv: 1.35× microtask in echo; no difference larger than 4% in primes; not resolved in timers.',
      'workers: 1.80× microtask in primes, 1.15× in echo (1 KiB); 0.548× microtask in timers.',
    ]);
  });

  it('names what failed, and says of a policy that could not run only that', () => {
    const absent = { status: 'unavailable', reason: 'no addon', throughput: null } as const;
    const failed = { status: 'failed', reason: 'why', throughput: null } as const;
    const found = summary(
      ...reference,
      cell('primes', 'uv', null, absent),
      cell('echo', 'uv', null, absent),
      cell('primes', 'workers', [1.7, 1.9]),
      cell('echo', 'workers', null, failed),
    );
    expect(found).toEqual([
      'uv: unavailable.',
      'workers: 1.80× microtask in primes; failed in echo.',
    ]);
  });

  it('tells where one policy keeps a timer waiting, and another does not', () => {
    const found = summary(
      ...[16, 2, 30].map((lag, at) => cell(`work-${at}`, 'microtask', [1, 1], { lag })),
      ...[1, 1, 29].map((lag, at) => cell(`work-${at}`, 'queue', [0.99, 1.01], { lag })),
    );
    expect(found.at(-1)).toBe(
      'Starvation: while work-0 runs under microtask, a timer is 16.0 ms late (99th percentile); under queue 1.00 ms.',
    );
  });

  it('is empty where there is one case', () => {
    expect(summary(cell('primes', 'microtask', [1, 1]), cell('primes', 'uv', [1.3, 1.4]))).toEqual(
      [],
    );
  });
});
