import { describe, expect, it } from 'vitest';
import { coarseOf, gridOf, parseRange } from '#dist/src/studies/sweep/range.js';

describe('a range', () => {
  it('is read from its text', () => {
    expect(parseRange('us=10..1000:log')).toEqual({ name: 'us', from: 10, to: 1000, scale: 'log' });
    expect(parseRange(' io=0..0.5 ')).toEqual({ name: 'io', from: 0, to: 0.5, scale: 'linear' });
    expect(parseRange('size=1e3..1e6:log')).toMatchObject({ from: 1000, to: 1_000_000 });
  });

  it.each([
    ['us', "--param takes name=from..to, such as us=10..1000:log, but got 'us'"],
    ['us=5', "but got 'us=5'"],
    ['us=10..5', "goes from one number to a larger one, such as us=10..1000:log, but got '10..5'"],
    ['us=-1..5', "but got '-1..5'"],
    ['us=a..b', "but got 'a..b'"],
    ['us=1..10:lin', "the only scale to ask for is :log, but got ':lin'"],
    ['us=0..10:log', "a log scale begins above 0, but 'us' begins at 0"],
  ])('%s is refused', (text, message) => {
    expect(() => parseRange(text)).toThrow(message);
  });
});

describe('its grid', () => {
  it.each(['us=10..1000:log', 'io=0..1', 'concurrency=1..64:log', 'size=100..1e6:log', 'n=1..3'])(
    'of %s goes from one end to the other, ascending and without twins',
    (text) => {
      const range = parseRange(text);
      const grid = gridOf(range);
      expect([grid[0], grid.at(-1)]).toEqual([range.from, range.to]);
      expect(grid).toEqual([...new Set(grid)].toSorted((a, b) => a - b));
      expect(grid.length).toBeGreaterThanOrEqual(3);
      expect(grid.length).toBeLessThanOrEqual(33);
      const coarse = coarseOf(grid);
      expect([coarse[0], coarse.at(-1)]).toEqual([0, grid.length - 1]);
    },
  );

  it('has whole numbers between whole numbers, and steps by factors on a log scale', () => {
    expect(gridOf(parseRange('n=1..5'))).toEqual([1, 2, 3, 4, 5]);
    expect(gridOf(parseRange('n=0..1'))[1]).toBe(0.0313);
    const grid = gridOf(parseRange('us=1000..64000:log'));
    expect((grid[16] as number) / (grid[0] as number)).toBeCloseTo(8, 2);
  });
});
