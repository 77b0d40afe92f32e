/** Do workers pay: what is said of rounds that are known, and how the length of a call is searched for. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cell, Results } from '#dist/src/documents/results.js';
import type { Sweep } from '#dist/src/documents/sweep.js';
import { answerOf } from '#dist/src/studies/advise/workers/answer.js';
import { breakEvenOf } from '#dist/src/studies/advise/workers/break-even.js';
import { SIZES, nearestSize, nextSize } from '#dist/src/studies/advise/workers/next-size.js';
import { INLINE, placesFor, type Place } from '#dist/src/studies/advise/workers/places.js';
import { renderWorkers } from '#dist/src/studies/advise/workers/render.js';
import { sentenceOf } from '#dist/src/studies/advise/workers/sentence.js';
import type { Measured } from '#dist/src/studies/advise/workers/measure.js';
import { goldenResults } from '../../golden/golden.js';

describe('the places to compare', () => {
  const names = (cores: number, hasBytes = false) =>
    placesFor(cores, hasBytes).map(({ name }) => name);

  it('are this thread, and others up to one for each core', () => {
    expect(names(1)).toEqual(['inline', '1 thread']);
    expect(names(2)).toEqual(['inline', '2 threads']);
    expect(names(6)).toEqual(['inline', '2 threads', '4 threads', '6 threads']);
  });

  it('are also the other ways to cross, where there are bytes', () => {
    expect(names(2, true)).toEqual([
      'inline',
      '2 threads',
      '2 threads, transfer',
      '2 threads, shared',
    ]);
    expect(names(1, true)).toEqual([
      'inline',
      '1 thread',
      '1 thread, transfer',
      '1 thread, shared',
    ]);
    expect(names(4, true).slice(1, 3)).toEqual(['2 threads', '4 threads']);
  });
});

interface Known {
  readonly perSecond: number;
  /** To inline; null for a place that failed. */
  readonly ratio: readonly [low: number, point: number, high: number] | null;
  readonly lagMs?: number;
}

const places = [INLINE, ...placesFor(1, false).slice(1), ...placesFor(2, true).slice(1)];

function cellOf({ name }: Place, { perSecond, ratio, lagMs = 0 }: Known): Cell {
  const cell = goldenResults().cells.find(({ status }) => status === 'ok') as Cell;
  const base: Cell = { ...cell, contestant: { policy: name }, params: {} };
  if (ratio === null) {
    return { ...base, status: 'failed', reason: 'broken', throughput: null, ratio: null };
  }
  const [low, point, high] = ratio;
  return {
    ...base,
    throughput: { point: perSecond, low: perSecond, high: perSecond, unit: 'jobs/s' },
    ratio: { to: 'inline', point, low, high },
    cpuPerJob: { point: 1e6 / perSecond, low: 0, high: 1e9, user: 0, system: 0, unit: 'us' },
    lag: { count: 1000, p50: 0, p99: lagMs, max: lagMs, unit: 'ms' },
  };
}

function resultsOf(known: Readonly<Record<string, Known>>, load: Results['load'] = null): Results {
  const cells = places.flatMap((place) => {
    const of = known[place.name];
    return of === undefined ? [] : [cellOf(place, of)];
  });
  return { ...goldenResults(), reference: INLINE.name, cells, load };
}

const ONE = [1, 1, 1] as const;

function measuredOf(
  closed: Readonly<Record<string, Known>>,
  lags: readonly [inline: number, workers: number] = [1, 1],
  where = '2 threads',
): Measured {
  const [inlineMs, workersMs] = lags;
  return {
    known: {
      given: null,
      calls: 1,
      bufferBytes: 4096,
      bytes: { in: 4100, out: 20 },
      isAsync: false,
    },
    concurrency: 4,
    places,
    closed: resultsOf(closed),
    open: resultsOf(
      {
        inline: { perSecond: 100, ratio: ONE, lagMs: inlineMs },
        [where]: { perSecond: 100, ratio: ONE, lagMs: workersMs },
      },
      { perSecond: 263, arrivals: 'poisson' },
    ),
    sweep: null,
    folders: [],
    interrupted: null,
  };
}

describe('the answer', () => {
  const inline: Known = { perSecond: 526, ratio: ONE };

  it('is yes where two threads do more, and says what the main thread gains', () => {
    const answer = answerOf(
      './a.ts#f',
      measuredOf(
        {
          inline,
          '1 thread': { perSecond: 500, ratio: [0.9, 0.95, 0.99] },
          '2 threads': { perSecond: 984, ratio: [1.82, 1.87, 1.92] },
        },
        [19, 0.4],
      ),
    );
    expect(answer).toMatchObject({ verdict: 'yes', best: { threads: 2, crossing: 'clone' } });
    expect(sentenceOf(answer)).toBe(
      "Yes: yours takes 1.90 ms: 1.87× (1.82–1.92) with 2 threads. At 263 calls/s the main thread's p99 drops from 19.0 ms to 400 µs.",
    );
    const shown = renderWorkers(answer, sentenceOf(answer), { color: false, width: 120 });
    expect(shown).toMatch(/2 threads +984 +984–984 +1\.87× +1\.82–1\.92/);
    expect(shown).toContain('4.00 KiB there and 20 B back a call');
  });

  it('has the fewest threads, and a plain copy, of those that do as well', () => {
    const level = { perSecond: 1000, ratio: [1.8, 1.9, 2] } as const;
    const of = (more: Readonly<Record<string, Known>>) =>
      answerOf('f', measuredOf({ inline, ...more })).best;
    expect(
      of({ '1 thread': { ...level, ratio: [1.8, 1.86, 2] }, '2 threads': level }),
    ).toMatchObject({ threads: 1 });
    expect(of({ '2 threads': level, '2 threads, transfer': level })).toMatchObject({
      crossing: 'clone',
    });
    expect(
      of({ '2 threads': { perSecond: 600, ratio: [1, 1.1, 1.2] }, '2 threads, shared': level }),
    ).toMatchObject({ crossing: 'shared' });
  });

  it('is for the main thread alone where threads do no more, and it waits much less', () => {
    const slower = { inline, '2 threads': { perSecond: 500, ratio: [0.9, 0.95, 1] } } as const;
    expect(answerOf('f', measuredOf(slower, [19, 0.4])).verdict).toBe('main thread');
    expect(answerOf('f', measuredOf(slower, [1.9, 1.2])).verdict).toBe('no');
    // A timer is as late as that anyway.
    expect(answerOf('f', measuredOf(slower, [0.9, 0.01])).verdict).toBe('no');
  });

  it('is open where the interval is wide, or there is one round', () => {
    const wide = { inline, '2 threads': { perSecond: 500, ratio: [0.7, 1, 1.4] } } as const;
    expect(answerOf('f', measuredOf(wide)).verdict).toBe('open');
    const nothing = answerOf('f', { ...measuredOf({}), open: null });
    expect(nothing).toMatchObject({ verdict: 'open', best: null, call: null });
    expect(sentenceOf(nothing)).toBe('It cannot be told: there are no two places to compare.');
  });

  it('has a row for a place that failed, with the reason', () => {
    const failed = {
      inline,
      '2 threads': inline,
      '2 threads, shared': { perSecond: 0, ratio: null },
    };
    const answer = answerOf('f', measuredOf(failed));
    expect(answer.rows.at(-1)).toMatchObject({ reason: 'failed: broken', ratio: null });
    expect(renderWorkers(answer, '', { color: false, width: 80 })).toContain(
      '2 threads, shared: failed: broken',
    );
  });
});

describe('the length of a call from which on workers pay', () => {
  const point = (us: number, inlineUs: number) => ({
    ...cellOf(INLINE, { perSecond: 1e6 / inlineUs, ratio: ONE }),
    params: { us },
  });
  const sweepOf = (crossings: Sweep['curves'][0]['crossings'], signs: readonly (-1 | 0 | 1)[]) =>
    ({
      parameter: { name: 'us', unit: null, from: 4, to: 8192, scale: 'log' },
      reference: 'inline',
      curves: [
        {
          policy: '2 threads',
          sentence: '',
          crossings,
          points: signs.map((sign, at) => ({
            x: 16 * 2 ** at,
            jobsPerSecond: 1,
            ratio: { point: 1, low: null, high: null },
            rounds: 2,
            sign,
          })),
        },
      ],
      results: { ...goldenResults(), cells: [point(64, 66), point(16, 18), point(32, 34)] },
    }) as unknown as Sweep;
  const crossing = { from: 16, to: 64, becomes: 'above', at: 32, low: 16, high: 64 } as const;

  it('is where the curves cross, as long as a call then took', () => {
    const found = breakEvenOf(sweepOf([crossing], [-1, 0, 1]));
    expect(found?.ms?.point).toBeCloseTo(0.034, 9);
    expect(found?.ms?.low).toBeCloseTo(0.018, 9);
    expect(found?.ms?.high).toBeCloseTo(0.066, 9);
    expect(found?.ahead).toBeNull();
  });

  it('is none where one side is ahead everywhere', () => {
    expect(breakEvenOf(sweepOf([], [1, 0, 1]))).toMatchObject({ ms: null, ahead: 'workers' });
    expect(breakEvenOf(sweepOf([], [-1, -1]))).toMatchObject({ ahead: 'inline', fromMs: 0.018 });
    // Behind where it is short, and perhaps ahead where it is long.
    expect(breakEvenOf(sweepOf([], [-1, 0]))).toMatchObject({ ms: null, ahead: null });
    expect(breakEvenOf(sweepOf([], [0]))).toMatchObject({ ahead: null });
  });
});

describe('the search for it', () => {
  /** Rounds of a pool that breaks even at a length, with a little noise. */
  function search(breakEvenUs: number, guess: number, most: number) {
    const rounds = SIZES.map((): number[] => []);
    let seed = 1;
    const noise = (): number => {
      seed = (seed * 48271) % 0x7fffffff;
      return (seed / 0x7fffffff - 0.5) * 0.04;
    };
    for (let n = 0; n < most; n++) {
      const curve = SIZES.map((x, at) => ({ x, differences: rounds[at] ?? [] }));
      const at = nextSize(
        {
          grid: SIZES,
          coarse: [],
          scale: 'log',
          rounds: rounds.map(({ length }) => length),
          over: SIZES.map(() => false),
          curves: [curve],
        },
        guess,
      );
      if (at === null) break;
      // Two threads, and what crosses takes as long as it breaks even at.
      const us = SIZES[at] as number;
      rounds[at]?.push(Math.log((2 * us) / (us + breakEvenUs)) + noise());
    }
    return rounds;
  }

  it('spends its rounds near the length, wherever it begins', () => {
    const index = fc.integer({ min: 0, max: SIZES.length - 1 });
    fc.assert(
      fc.property(fc.double({ min: 12, max: 2500, noNaN: true }), index, (us, guess) => {
        const rounds = search(us, guess, 24);
        const near = rounds.filter((_, at) => {
          const size = SIZES[at] as number;
          return size > us / 8 && size < us * 8;
        });
        const spent = (of: readonly number[][]): number =>
          of.reduce((sum, { length }) => sum + length, 0);
        expect(spent(near)).toBeGreaterThanOrEqual(spent(rounds) / 2);
        // Both sides of it are known.
        expect(rounds.some(({ length }, at) => length > 1 && (SIZES[at] as number) < us)).toBe(
          true,
        );
        expect(rounds.some(({ length }, at) => length > 1 && (SIZES[at] as number) > us)).toBe(
          true,
        );
      }),
      { numRuns: 50 },
    );
  });

  it('begins at the size that is nearest, and ends where nothing can be measured', () => {
    expect(SIZES[nearestSize(100)]).toBe(90.5);
    expect(nearestSize(-5)).toBe(0);
    expect(nearestSize(1e9)).toBe(SIZES.length - 1);
    const over = SIZES.map(() => true);
    const state = {
      grid: SIZES,
      coarse: [],
      scale: 'log',
      rounds: SIZES.map(() => 0),
      over,
      curves: [],
    } as const;
    expect(nextSize(state, 3)).toBeNull();
  });
});
