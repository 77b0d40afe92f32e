import { describe, expect, it } from 'vitest';
import { noiseOf } from '#dist/src/analysis/noise.js';
import type { Cell, Round } from '#dist/src/documents/results.js';

/** A cell of one process each, whose slices had these pulses, in µs, and waited so long for a core. */
function cellOf(processes: readonly (readonly number[])[], delayUs = 0): Pick<Cell, 'rounds'> {
  const rounds = processes.map((pulses) => ({
    slices: pulses.map((pulseUs) => ({
      ms: 50,
      jobs: 8,
      allJobs: 10,
      noise: { pulseUs, delayUs },
    })),
  }));
  return { rounds: rounds as unknown as Round[] };
}

describe("the machine's noise", () => {
  it('is quiet where each process is steady, though one compiles the pulse better than another', () => {
    const noise = noiseOf([
      cellOf([
        [44, 44, 44, 45],
        [75, 75, 76, 75],
      ]),
    ]);
    expect(noise?.pulseSpread).toBeLessThan(0.02);
    expect(noise?.sentence).toContain('The machine was quiet');
  });

  it('is what a process of uneven speed shows', () => {
    expect(noiseOf([cellOf([[44, 70, 44, 80, 60, 95, 44, 70]])])?.sentence).toContain('so noisy');
  });

  it('is the share of the time that slices waited for a core', () => {
    const noise = noiseOf([cellOf([[44, 44, 44]], 6250)]);
    expect(noise?.delayShare).toBeCloseTo(0.1, 10);
    expect(noise?.sentence).toContain('noisy: intervals are wider');
  });

  it('is not known of programs that tell nothing', () => {
    const silent = { rounds: [{ slices: [{ ms: 50 }, { ms: 50 }] }] as unknown as Round[] };
    expect(noiseOf([silent])).toBeNull();
    expect(noiseOf([silent, cellOf([[44, 44]])])?.delayShare).toBe(0);
  });

  it('is not lost for a program that knows one of both', () => {
    expect(noiseOf([cellOf([[0, 0, 0]], 5000)])).toBeNull();
    expect(noiseOf([cellOf([[0, 44, 44]])])?.pulseSpread).toBe(0);
  });
});
