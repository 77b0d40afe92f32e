import { describe, expect, it } from 'vitest';
import {
  changePoints,
  inflationOf,
  levelOf,
  type Observation,
} from '#dist/src/stats/change-points.js';
import { normalNoise } from './noise.js';

const given = { alpha: 0.01 };

function series(values: readonly number[], error = 0.02): Observation[] {
  return values.map((value) => ({ value, error }));
}

describe('where a series changes its level', () => {
  it('is where the new level begins', () => {
    expect(changePoints(series([0, 0.01, -0.01, 0.1, 0.11, 0.09]), given)).toEqual([3]);
  });

  it('is at several places, in order', () => {
    const values = [0, 0.01, 0, 0.2, 0.21, 0.2, 0.05, 0.04, 0.06];
    expect(changePoints(series(values), given)).toEqual([3, 6]);
  });

  it('is nowhere where a single value is off, wherever it is', () => {
    for (let at = 0; at < 7; at++) {
      const values = Array.from({ length: 7 }, (_, i) => (i === at ? 0.5 : 0));
      expect(changePoints(series(values), given), `value ${at}`).toEqual([]);
    }
  });

  it('is found beside a single value that is off', () => {
    expect(changePoints(series([0, 0.01, 0, 0.08, 0, 0.2, 0.21, 0.2, 0.19]), given)).toEqual([5]);
  });

  it('is nowhere where there are fewer than four values', () => {
    expect(changePoints(series([0.3, 0.3, 0]), given)).toEqual([]);
  });

  it('is nowhere where values differ no more than their errors, and the inflation, say', () => {
    const values = [0, 0.01, -0.01, 0.1, 0.11, 0.09];
    expect(changePoints(series(values, 0.1), given)).toEqual([]);
    expect(changePoints(series(values), { ...given, inflation: 5 })).toEqual([]);
  });

  it('is found in fewer than 5% of series without one, and in most with one of four errors', () => {
    const noise = normalNoise(11);
    const drawn = (shift: number): Observation[] =>
      series(Array.from({ length: 12 }, (_, at) => 0.02 * noise() + (at < 6 ? 0 : shift)));
    const found = (shift: number): number =>
      Array.from({ length: 1000 }, () => changePoints(drawn(shift), { alpha: 0.05 })).filter(
        (at) => at.length > 0,
      ).length;
    // Bonferroni over splits that overlap: fewer than alpha. 50 ± 3 standard errors is 71.
    expect(found(0)).toBeLessThan(71);
    expect(found(0.08)).toBeGreaterThan(950);
  });
});

describe('the level of values of different precision', () => {
  it('is their mean by precision', () => {
    const { value, error } = levelOf([
      { value: 0, error: 1 },
      { value: 1, error: 2 },
    ]);
    expect(value).toBeCloseTo(0.2, 12);
    expect(error).toBeCloseTo(Math.sqrt(0.8), 12);
  });
});

describe('the inflation', () => {
  it('is how much more successive values differ than their errors say, and 1 at least', () => {
    const noise = normalNoise(3);
    const drawn = (spread: number): Observation[][] =>
      Array.from({ length: 20 }, () => series(Array.from({ length: 10 }, () => spread * noise())));
    expect(inflationOf(drawn(0.06))).toBeGreaterThan(2.6);
    expect(inflationOf(drawn(0.06))).toBeLessThan(3.4);
    expect(inflationOf(drawn(0.01))).toBe(1);
    expect(inflationOf([series([1])])).toBe(1);
  });
});
