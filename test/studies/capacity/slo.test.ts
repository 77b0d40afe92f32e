import { describe, expect, it } from 'vitest';
import { SloError, parseSlo } from '#dist/src/studies/capacity/slo.js';

describe('--slo', () => {
  it.each([
    ['p10=5ms', 0.1],
    ['p50=5ms', 0.5],
    ['p99=5ms', 0.99],
    ['p99.9=5ms', 0.999],
    ['p999=5ms', 0.999],
    ['p9999=5ms', 0.9999],
    ['p995=5ms', 0.995],
  ])('%s is the quantile %d', (text, quantile) => {
    expect(parseSlo(text)).toMatchObject({ quantile, ms: 5 });
  });

  it.each([
    'p0',
    'p1',
    'p9',
    'p00',
    'p05',
    'p100',
    'p101',
    'p200',
    'p1000',
    'p899',
    'p9.9',
    'p99999',
    'p.',
  ])('%s is refused, as it is no percentile that can be told', (name) => {
    expect(() => parseSlo(`${name}=5ms`)).toThrow(SloError);
  });

  it.each(['p99', '99=5ms', 'p99=', 'p99=0', 'p99=-1ms', 'p99=soon'])('%s is refused', (text) => {
    expect(() => parseSlo(text)).toThrow(/takes a percentile and a time.*but got/);
  });
});
