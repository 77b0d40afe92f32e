import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidArgumentError } from '#dist/src/loop/errors.js';
import { decide, type CellPairs, type CellVerdict } from '#dist/src/studies/gate/decide.js';
import { defaultDesign, gateDesign } from '#dist/src/studies/gate/gate-design.js';
import { hodgesLehmann } from '#dist/src/stats/hodges-lehmann.js';
import { confirmSettled, screenSettled } from '#dist/src/studies/gate/settled.js';
import { confirm, controls, screen, slowdownTest } from '#dist/src/studies/gate/stages.js';
import { normalNoise } from '../../stats/noise.js';

const design = gateDesign();
/** Pairs of a cell that is slower by a share, with noise of a deviation. */
function pairs(count: number, slowdown: number, deviation: number, seed = 31): number[] {
  const noise = normalNoise(seed);
  return Array.from({ length: count }, () => Math.log1p(slowdown) + deviation * noise());
}

/** Of 20 pairs, wide beside their shift. */
const swing = Array.from({ length: 20 }, (_, index) => (index % 2 ? 0.02 : -0.02) * (index + 1));

function verdictOf(cell: CellPairs, others: [string, CellPairs][] = []): CellVerdict {
  return decide(new Map([['cell', cell], ...others]), design).get('cell') as CellVerdict;
}

describe('gateDesign', () => {
  it('has the defaults of the gate, and takes changes', () => {
    expect(gateDesign()).toEqual(defaultDesign);
    expect(gateDesign({ minEffect: 0.05 })).toEqual({ ...defaultDesign, minEffect: 0.05 });
  });

  it.each([
    [{ screenPairs: 1 }, /screenPairs .* got 1: 20/],
    [{ confirmPairs: 7.5 }, /confirmPairs .* got 7\.5: 80/],
    [{ screenAlpha: 15 }, /screenAlpha lies between 0 and 1, but got 15: 0\.15/],
    [{ minEffect: -0.03 }, /minEffect .* got -0\.03: 0\.03/],
    [{ allowance: NaN }, /allowance .* got NaN: 0\.05/],
    [{ power: 1 }, /power .* got 1: 0\.8/],
  ])('refuses %j', (changes, message) => {
    expect(() => gateDesign(changes)).toThrow(message);
    expect(() => gateDesign(changes)).toThrow(InvalidArgumentError);
  });
});

describe('screen', () => {
  it('lets a cell pass that is likely slower by enough', () => {
    expect(screen(pairs(20, 0.1, 0.02), design).survives).toBe(true);
    expect(screen(pairs(20, -0.1, 0.02), design).survives).toBe(false);
    const small = screen(Array(20).fill(Math.log1p(0.009)), design);
    expect(small).toMatchObject({ p: 2 ** -20, survives: false });
    const rare = screen(
      swing.map((value) => value + 0.02),
      design,
    );
    expect(rare.shift).toBeGreaterThan(0.01);
    expect(rare).toMatchObject({ survives: false });
  });
});

describe('confirm', () => {
  const tests = new Map([
    ['sure', { p: 0.001, shift: 0.1 }],
    ['alone', { p: 0.006, shift: 0.1 }],
    ['small', { p: 0.0001, shift: Math.log1p(0.029) }],
  ]);

  it('asks for p under Holm and for an effect', () => {
    const found = [...confirm(tests, design)].map(([cell, { p, slower }]) => [cell, p, slower]);
    expect(found).toEqual([
      ['sure', 0.002, true],
      ['alone', 0.006, true],
      ['small', 3 * 0.0001, false],
    ]);
    const two = new Map([
      ['alone', { p: 0.006, shift: 0.1 }],
      ['same', { p: 0.006, shift: 0.1 }],
    ]);
    expect([...confirm(two, design).values()].map(({ slower }) => slower)).toEqual([false, false]);
  });
});

describe('controls', () => {
  it('move only by much, and surely, either way', () => {
    const cells = new Map([
      ['still', pairs(20, 0, 0.005)],
      ['slower', pairs(20, 0.05, 0.005)],
      ['faster', pairs(20, -0.05, 0.005)],
      ['steady but small', Array.from({ length: 20 }, (_, index) => 0.008 + index * 1e-5)],
      ['noisy', swing.map((value) => value + 0.02)],
    ]);
    const moved = [...controls(cells, design)].filter(([, control]) => control.moved);
    expect(moved.map(([cell]) => cell)).toEqual(['slower', 'faster']);
  });
});

describe('settled', () => {
  const ofNoise = fc.record({
    shift: fc.constantFrom(-0.05, 0, 0.01, 0.03, 0.1, 0.3),
    deviation: fc.constantFrom(0.01, 0.08),
    seed: fc.integer({ min: 0, max: 2 ** 30 }),
  });

  it('never settles a screen that the missing pairs could turn', () => {
    fc.assert(
      fc.property(ofNoise, ofNoise, ({ shift, deviation, seed }, rest) => {
        const all = pairs(20, shift, deviation, seed);
        const answer = screen(all, design).survives;
        for (let count = 1; count <= 20; count++) {
          const measured = all.slice(0, count);
          if (!screenSettled(measured, design)) continue;
          // It says what all say, and what any others would have made of it.
          expect(screen(measured, design).survives).toBe(answer);
          const others = [...measured, ...pairs(20 - count, rest.shift, rest.deviation, rest.seed)];
          expect(screen(others, design).survives).toBe(answer);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('never settles a confirmation that the missing pairs could turn', () => {
    const short = gateDesign({ confirmPairs: 30 });
    fc.assert(
      fc.property(ofNoise, fc.integer({ min: 1, max: 4 }), ({ shift, deviation, seed }, family) => {
        const all = pairs(30, shift, deviation, seed);
        const whole = slowdownTest(all);
        for (let count = 1; count < 30; count++) {
          const measured = all.slice(0, count);
          if (!confirmSettled(measured, family, short)) continue;
          const part = slowdownTest(measured);
          const level = part.p < 0.01 ? 0.01 / family : 0.01;
          expect(whole.p < level).toBe(part.p < level);
          if (part.p < 0.01) expect(Math.min(part.shift, whole.shift)).toBeGreaterThan(0.0295);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('saves pairs where the answer is plain, and none at first', () => {
    const first = (settled: (count: number) => boolean): number => {
      let count = 0;
      while (!settled(count)) count++;
      return count;
    };
    const slow = Array.from({ length: 80 }, (_, index) => 0.3 + index * 1e-4);
    const fast = slow.map((pair) => -pair);
    expect(first((n) => n > 0 && screenSettled(slow.slice(0, n), design))).toBe(16);
    expect(first((n) => n > 0 && screenSettled(fast.slice(0, n), design))).toBe(12);
    expect(first((n) => n > 0 && confirmSettled(slow.slice(0, n), 1, design))).toBe(65);
    expect(first((n) => n > 0 && confirmSettled(slow.slice(0, n), 12, design))).toBeGreaterThan(65);
    expect(first((n) => n > 0 && confirmSettled(fast.slice(0, n), 1, design))).toBeLessThan(60);
  });
});

describe('decide', () => {
  it('does not call "not slower" what may be slower by more than the allowance, whatever the MDE', () => {
    // Two modes: most pairs lie close together, for the MDE, and some are far off, for the interval.
    const modes = [...pairs(13, -0.01, 0.003), ...pairs(7, 0.3, 0.003, 7)];
    const cell = verdictOf({ screen: modes });
    expect(cell.mde).toBeLessThan(design.allowance);
    expect(cell.bound).toBeGreaterThan(design.allowance);
    expect(cell).toMatchObject({ verdict: 'unresolved', reason: 'noise' });
  });

  it('calls a cell slower that both stages find', () => {
    const cell = { screen: pairs(20, 0.1, 0.02), confirm: pairs(80, 0.1, 0.02, 32) };
    const verdict = verdictOf(cell);
    expect(verdict).toMatchObject({ verdict: 'slower', reason: null });
    expect(verdict.shift).toBeCloseTo(Math.expm1(hodgesLehmann(cell.confirm).point), 12);
    expect(verdict.low).toBeGreaterThan(0.09);
    expect(verdict.high).toBeLessThan(0.11);
    expect(verdict.bound).toBe(verdict.high);
    expect(verdict.p).toBeLessThan(1e-9);
  });

  it('says how large a slowdown there is not, where it would have been found', () => {
    const still = verdictOf({ screen: pairs(20, 0, 0.02) });
    expect(still).toMatchObject({ verdict: 'not slower', reason: null, bound: still.high });
    expect(still.mde).toBeLessThan(0.05);
    const faster = verdictOf({ screen: pairs(20, -0.3, 0.02) });
    expect(faster).toMatchObject({ verdict: 'not slower', bound: 0 });
    expect(faster.shift).toBeCloseTo(-0.3, 1);
    const small = verdictOf({ screen: pairs(20, 0.02, 0.01), confirm: pairs(80, 0.02, 0.01, 32) });
    expect(small).toMatchObject({ verdict: 'not slower' });
    expect(small.p).toBeLessThan(0.01);
  });

  it('leaves a cell unresolved that is too noisy, by its own allowance', () => {
    const screened = pairs(20, -0.1, 0.15);
    const noisy = verdictOf({ screen: screened });
    expect(noisy).toMatchObject({ verdict: 'unresolved', reason: 'noise' });
    expect(noisy.mde).toBeGreaterThan(0.05);
    expect(verdictOf({ screen: screened, allowance: 0.2 }).verdict).toBe('not slower');
  });

  it('leaves a cell unresolved that time did not settle', () => {
    const slow = pairs(80, 0.1, 0.02);
    const late = { verdict: 'unresolved', reason: 'time' };
    expect(verdictOf({ screen: slow.slice(0, 8) })).toMatchObject(late);
    expect(verdictOf({ screen: slow.slice(0, 20) })).toMatchObject(late);
    expect(verdictOf({ screen: slow.slice(0, 20), confirm: slow.slice(0, 50) })).toMatchObject(
      late,
    );
    expect(verdictOf({ screen: slow.slice(0, 20), confirm: slow.slice(0, 70) }).verdict).toBe(
      'slower',
    );
    const none = { p: null, shift: null, low: null, high: null, bound: null, mde: null };
    expect(verdictOf({ screen: [] })).toEqual({ ...late, ...none });
    expect(verdictOf({ screen: [0.1] })).toMatchObject({ ...late, low: null, mde: null });
  });

  it('counts a survivor that time left unsettled as one of the family', () => {
    // The ranks 66 to 80 negative: a p of about 0.006, enough alone and not for one of two.
    const weak = Array.from(
      { length: 80 },
      (_, index) => (index < 65 ? 1e-3 : -1e-3) * (index + 1),
    );
    const p = slowdownTest(weak).p;
    expect(p).toBeLessThan(0.01);
    expect(p).toBeGreaterThan(0.005);
    const cell = { screen: pairs(20, 0.1, 0.02), confirm: weak };
    const other: [string, CellPairs] = ['other', { screen: pairs(20, 0.1, 0.02) }];
    expect(verdictOf(cell).p).toBeCloseTo(p, 12);
    expect(verdictOf(cell, [other]).p).toBeCloseTo(2 * p, 12);
  });

  it('ignores new pairs of a cell that did not survive, and keeps the order of cells', () => {
    const still = pairs(20, -0.02, 0.02);
    expect(verdictOf({ screen: still, confirm: pairs(80, 0.5, 0.01, 32) })).toEqual(
      verdictOf({ screen: still }),
    );
    const cells = new Map(['z', 'a', 'm'].map((cell) => [cell, { screen: still }]));
    expect([...decide(cells, design).keys()]).toEqual(['z', 'a', 'm']);
    expect(() => verdictOf({ screen: [NaN] })).toThrow(InvalidArgumentError);
  });
});
