import { describe, expect, it } from 'vitest';
import { InvalidArgumentError } from '#dist/src/loop/errors.js';
import { gateDesign, stagesOf } from '#dist/src/studies/gate/gate-design.js';
import { powerOf } from '#dist/src/stats/mde.js';
import { simulateGate } from '#dist/src/studies/gate/simulate.js';
import { robustDeviation } from '#dist/src/stats/spread.js';
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
  const rates = simulateGate(recorded, { seed: 1, runs: 2000, powerRuns: 300 });

  it('repeats itself for a seed, and only for that', () => {
    const options = { runs: 60, powerRuns: 60, slowdowns: [0.03] };
    const first = simulateGate(recorded, { seed: 1, ...options });
    expect(simulateGate(recorded, { seed: 1, ...options })).toEqual(first);
    expect(simulateGate(recorded, { seed: 2, ...options })).not.toEqual(first);
  });

  it('finds false alarms rarer than the level of the confirmation', () => {
    expect(rates.falseAlarms.trials).toBe(2000);
    expect(rates.falseAlarms.low).toBeLessThan(0.01);
    expect(rates.falseAlarms.rate).toBeLessThanOrEqual(0.01);
    const byCell = rates.cells.map(({ falseAlarms }) => falseAlarms.events);
    expect(Math.max(...byCell)).toBeLessThanOrEqual(rates.falseAlarms.events);
  });

  it('finds the power that the formula tells, more of it for larger slowdowns', () => {
    for (const { cell, power } of rates.cells) {
      const found = power.map(({ rate }) => rate);
      expect(found).toEqual(found.toSorted((a, b) => a - b));
      expect(power.map(({ slowdown }) => slowdown)).toEqual([0.03, 0.05, 0.1]);
      const deviation = robustDeviation(recorded.get(cell) as number[]);
      for (const { slowdown, low, high } of power.slice(1)) {
        const expected = powerOf(Math.log1p(slowdown), deviation, stagesOf(gateDesign(), 1));
        expect(low).toBeLessThan(expected + 0.05);
        expect(high).toBeGreaterThan(expected - 0.05);
      }
    }
  });

  it('raises alarms where the gate is lax, and counts a run once', () => {
    const lax = gateDesign({
      screenAlpha: 0.6,
      screenEffect: 0,
      confirmPairs: 10,
      confirmAlpha: 0.9,
      minEffect: 0,
    });
    const { falseAlarms, cells } = simulateGate(recorded, { seed: 1, runs: 300, design: lax });
    const alarms = cells.reduce((sum, own) => sum + own.falseAlarms.events, 0);
    expect(falseAlarms.rate).toBeGreaterThan(0.4);
    expect(falseAlarms.events).toBeLessThan(alarms);
    expect(falseAlarms.low).toBeLessThan(falseAlarms.rate);
    expect(falseAlarms.high).toBeGreaterThan(falseAlarms.rate);
  });

  it('shows a machine that favours one side, unless sides are exchanged', () => {
    const biased = new Map([['cell', (recorded.get('cpu') as number[]).map((pair) => pair + 0.1)]]);
    const { falseAlarms, pairs } = simulateGate(biased, { seed: 1, runs: 50, powerRuns: 1 });
    expect(falseAlarms.rate).toBe(1);
    expect(pairs).toEqual({ median: 100, p95: 100 });
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
