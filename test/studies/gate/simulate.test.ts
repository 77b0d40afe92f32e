import { describe, expect, it } from 'vitest';
import { InvalidArgumentError } from '#dist/src/loop/errors.js';
import { gateDesign } from '#dist/src/studies/gate/gate-design.js';
import { simulateGate } from '#dist/src/studies/gate/simulate.js';
import { normalNoise } from '../../stats/noise.js';

const noise = normalNoise(41);
/** As measured on a noisy machine: robust deviations of cpu, io and mixed cells. */
const deviations = { cpu: 0.01, io: 0.07, mixed: 0.04 };
const recorded = new Map(
  Object.entries(deviations).map(([cell, deviation]) => [
    cell,
    Array.from({ length: 300 }, () => deviation * noise()),
  ]),
);

describe('simulateGate', () => {
  const rates = simulateGate(recorded, { seed: 1, runs: 300, powerRuns: 100 });

  it('repeats itself for a seed, and only for that', () => {
    const options = { runs: 60, powerRuns: 60, slowdowns: [0.03] };
    const first = simulateGate(recorded, { seed: 1, ...options });
    expect(simulateGate(recorded, { seed: 1, ...options })).toEqual(first);
    expect(simulateGate(recorded, { seed: 2, ...options })).not.toEqual(first);
  });

  it('finds false alarms rarer than the level', () => {
    expect(rates.falseAlarms.trials).toBe(300);
    expect(rates.falseAlarms.rate).toBeLessThanOrEqual(0.01);
    const byCell = rates.cells.map(({ falseAlarms }) => falseAlarms.events);
    expect(Math.max(...byCell)).toBeLessThanOrEqual(rates.falseAlarms.events);
  });

  it('finds more of what is larger, and in a quiet cell nearly all', () => {
    for (const { power } of rates.cells) {
      const found = power.map(({ rate }) => rate);
      expect(found).toEqual(found.toSorted((a, b) => a - b));
      expect(power.map(({ slowdown }) => slowdown)).toEqual([0.03, 0.05, 0.1]);
    }
    const [cpu, , mixed] = rates.cells.map(({ power }) => power.map(({ rate }) => rate));
    expect(cpu?.[1]).toBeGreaterThan(0.95);
    expect(mixed?.[2]).toBeGreaterThan(0.95);
  });

  it('says how many pairs it takes, and how many cells stay open', () => {
    const quiet = new Map([['cpu', recorded.get('cpu') as number[]]]);
    const { pairs, open } = simulateGate(quiet, { seed: 1, runs: 100, powerRuns: 1 });
    expect(pairs.median).toBeLessThan(10);
    expect(open).toEqual({ median: 0, p95: 0 });
    const loud = new Map([['io', (recorded.get('io') as number[]).map((pair) => 9 * pair)]]);
    const found = simulateGate(loud, { seed: 1, runs: 20, powerRuns: 1 });
    expect(found.pairs.p95).toBe(100);
    expect(found.open.p95).toBe(1);
  });

  it('raises alarms where the gate is lax, and counts a run once', () => {
    // A cell needs hardly any evidence.
    const alpha = 0.999 * recorded.size;
    const lax = { ...gateDesign({ missAlpha: 0.001, minEffect: 0, allowance: 0.5 }), alpha };
    const { falseAlarms, cells } = simulateGate(recorded, {
      seed: 1,
      runs: 300,
      powerRuns: 1,
      design: lax,
    });
    const alarms = cells.reduce((sum, own) => sum + own.falseAlarms.events, 0);
    expect(falseAlarms.rate).toBeGreaterThan(0.4);
    expect(falseAlarms.events).toBeLessThan(alarms);
    expect(falseAlarms.low).toBeLessThan(falseAlarms.rate);
    expect(falseAlarms.high).toBeGreaterThan(falseAlarms.rate);
  });

  it('shows a machine that favours one side, unless sides are exchanged', () => {
    const biased = new Map([['cell', (recorded.get('cpu') as number[]).map((pair) => pair + 0.1)]]);
    const { falseAlarms } = simulateGate(biased, { seed: 1, runs: 50, powerRuns: 1 });
    expect(falseAlarms.rate).toBe(1);
    const mirrored = simulateGate(biased, { seed: 1, runs: 1000, powerRuns: 1, mirrored: true });
    expect(mirrored.falseAlarms.rate).toBeLessThan(0.02);
  });

  it('adds the shift that a slowdown was measured to have', () => {
    const cpu = new Map([['cpu', recorded.get('cpu') as number[]]]);
    const options = { seed: 1, runs: 100, slowdowns: [0.1] };
    const foundWith = (shift: number): number | undefined =>
      simulateGate(cpu, { ...options, shifts: new Map([['cpu', new Map([[0.1, shift]])]]) })
        .cells[0]?.power[0]?.rate;
    expect(foundWith(0)).toBeLessThan(0.05);
    expect(foundWith(0.1)).toBe(1);
  });

  it('refuses what cannot be drawn', () => {
    expect(() => simulateGate(new Map(), { seed: 1 })).toThrow(InvalidArgumentError);
    expect(() => simulateGate(new Map([['io', []]]), { seed: 1 })).toThrow(/'io' has no pairs/);
    expect(() => simulateGate(recorded, { seed: 1, runs: 10, powerRuns: 20 })).toThrow(/20 of 10/);
    expect(() => simulateGate(recorded, { seed: 1, runs: 0 })).toThrow(/0 of 0/);
  });
});
