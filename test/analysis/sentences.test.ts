import { describe, expect, it } from 'vitest';
import { casesOf } from '#dist/src/documents/cases.js';
import { sentenceOf } from '#dist/src/analysis/sentences.js';
import type { Cell } from '#dist/src/documents/results.js';
import { goldenResults } from '../golden/golden.js';

/** A cell in which only what the sentence needs differs from the reference's. */
function cell(policy: string, low: number | null, high: number | null, rest: Partial<Cell> = {}) {
  const point = low === null || high === null ? 1.2 : Math.sqrt(low * high);
  const unit = 'jobs/s' as const;
  return {
    ...(goldenResults().cells[0] as Cell),
    contestant: { policy },
    throughput: { point, low, high, unit },
    ratio: { to: 'microtask', point, low, high },
    ...rest,
  };
}

function say(...cells: Cell[]): string {
  return sentenceOf({ cells }, 'microtask', 0);
}

const reference = cell('microtask', 1, 1);

describe('a sentence', () => {
  it('claims a difference only where the interval leaves out 1', () => {
    expect(say(reference, cell('uv', 1.38, 1.47))).toBe('uv is 1.42× microtask (1.38–1.47).');
    expect(say(reference, cell('uv', 0.5, 0.6))).toBe('uv is 0.548× microtask (0.500–0.600).');
    expect(say(reference, cell('uv', 1, 1.06))).toBe('uv: no difference larger than 6%.');
  });

  it('says of an interval that is wide that nothing is known yet, and how much longer it takes', () => {
    const wide = cell('uv', 0.7, 1.06);
    expect(say(reference, wide)).toBe('uv is not resolved yet (0.700–1.06).');
    const more = (ms: number): string => sentenceOf({ cells: [reference, wide] }, 'microtask', ms);
    expect(more(42_000)).toBe('uv is not resolved yet (0.700–1.06): about 50 seconds more.');
    expect(more(330_000)).toBe('uv is not resolved yet (0.700–1.06): about 6 minutes more.');
  });

  it('joins all contestants', () => {
    expect(say(reference, cell('uv', 1.38, 1.47), cell('workers', 0.97, 1.06))).toBe(
      'uv is 1.42× microtask (1.38–1.47); workers: no difference larger than 6%.',
    );
  });

  it('says of one round that it is too few', () => {
    expect(say(reference, cell('uv', null, null))).toBe(
      'uv is 1.20× microtask in one round, too few to tell it from chance.',
    );
  });

  it.each([
    ['failed', 'uv failed: why.'],
    ['unavailable', 'uv is unavailable: why.'],
  ] as const)('names what is %s and never its numbers', (status, text) => {
    expect(say(reference, cell('uv', 1.3, 1.4, { status, reason: 'why' }))).toBe(text);
  });

  it('keeps what an interruption left, and says so', () => {
    const cut = { status: 'aborted', reason: 'after 2 of 5' } as const;
    expect(say({ ...reference, ...cut }, cell('uv', 1.38, 1.47, cut))).toBe(
      'microtask (after 2 of 5); uv is 1.42× microtask (1.38–1.47) (after 2 of 5).',
    );
    expect(say(reference, cell('uv', 1, 1, { ...cut, throughput: null }))).toBe(
      'uv was aborted: after 2 of 5.',
    );
  });

  it('says what is missing where the reference has failed', () => {
    const failed = { status: 'failed', reason: 'why', throughput: null, ratio: null } as const;
    expect(say({ ...reference, ...failed }, cell('uv', 1, 1, { ratio: null }))).toBe(
      'microtask failed: why; uv has no ratio to microtask.',
    );
    expect(say(reference, cell('uv', 1, 1, { throughput: null }))).toBe('uv has no numbers.');
  });

  it('says that a policy ran alone', () => {
    expect(say(reference)).toBe('microtask ran alone: there is nothing to compare it with.');
  });
});

describe('casesOf', () => {
  it('groups by workload and params, whatever the order of cells and keys', () => {
    const results = goldenResults();
    const [first] = results.cells as [Cell];
    results.cells = [
      { ...first, workload: 'a', params: { x: 1, y: 'z' } },
      { ...first, workload: 'b', params: {} },
      { ...first, workload: 'a', params: { y: 'z', x: 1 } },
      { ...first, workload: 'a', params: { x: 1 } },
    ];
    const found = casesOf(results).map(({ title, cells }) => [title, cells.length]);
    expect(found).toEqual([
      ['a, x 1, y z', 2],
      ['b', 1],
      ['a, x 1', 1],
    ]);
  });
});
