import { describe, expect, it } from 'vitest';
import { bracketAbout, limitOf, narrowed, nextRate } from '#dist/src/studies/capacity/search.js';
import { holds, jobsFor, parseSlo } from '#dist/src/studies/capacity/slo.js';
import { Histogram } from '#dist/src/stats/histogram.js';

describe('the search for a limit', () => {
  function found(closed: number, limit: number): number | null {
    let bracket = bracketAbout(closed);
    for (let step = 0; step < 8; step++) {
      const rate = nextRate(bracket);
      bracket = narrowed(bracket, rate, rate <= limit);
    }
    return limitOf(bracket);
  }

  it('comes within 2% in eight steps, wherever the limit is', () => {
    for (const share of [0.02, 0.1, 0.37, 0.8, 1, 1.2]) {
      expect(Math.abs((found(5000, 5000 * share) ?? 0) / (5000 * share) - 1)).toBeLessThan(0.02);
    }
  });

  it('has none where no rate held', () => {
    expect(found(5000, 1)).toBeNull();
  });
});

describe('an objective', () => {
  it('is read from its text', () => {
    expect(parseSlo('p99=50ms')).toEqual({ name: 'p99', quantile: 0.99, ms: 50 });
    expect(parseSlo('p999=1.5s')).toEqual({ name: 'p999', quantile: 0.999, ms: 1500 });
    expect(parseSlo('p50=100us')).toMatchObject({ quantile: 0.5, ms: 0.1 });
  });

  it.each(['50ms', 'p99', 'p99=soon', 'p99=0ms', 'p99=-1s'])('%s is refused', (text) => {
    expect(() => parseSlo(text)).toThrow(
      `--slo takes a percentile and a time, such as p99=50ms, but got '${text}'`,
    );
  });

  it('holds where its percentile is within the time, and never without a job', () => {
    const latencies = new Histogram();
    for (let i = 0; i < 98; i++) latencies.record(1);
    latencies.record(100);
    latencies.record(100);
    expect(holds(parseSlo('p90=2ms'), latencies.counts())).toBe(true);
    expect(holds(parseSlo('p99=2ms'), latencies.counts())).toBe(false);
    expect(holds(parseSlo('p99=200ms'), latencies.counts())).toBe(true);
    expect(holds(parseSlo('p99=200ms'), [])).toBe(false);
    expect(jobsFor(parseSlo('p99=1s'))).toBe(1000);
  });
});
