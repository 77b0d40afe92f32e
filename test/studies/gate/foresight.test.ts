import { describe, expect, it } from 'vitest';
import type { GateDocument } from '#dist/src/documents/gate.js';
import { normalNoise } from '../../stats/noise.js';
import { foresee, sentenceOf } from '#dist/src/studies/gate/foresight.js';
import { gateDesign } from '#dist/src/studies/gate/gate-design.js';

const noise = normalNoise(5);
const pairs = (spread: number): number[] => Array.from({ length: 12 }, () => spread * noise());

function lastRun(cells: Record<string, number[]>): GateDocument {
  const rows = Object.entries(cells).map(([cell, own]) => ({ cell, quantity: 'cpu', pairs: own }));
  return { elapsedMs: 60_000, control: null, cells: rows } as unknown as GateDocument;
}

const named = (...names: string[]) => names.map((name) => ({ name, quantity: 'cpu' as const }));

const design = gateDesign();
const given = { design, capMs: 120_000, seed: 1 };

describe('what a gate run is likely to see', () => {
  it('is what the last run was steady enough for', () => {
    const last = lastRun({ calm: pairs(0.005), calmer: pairs(0.004), wild: pairs(0.4) });
    const seen = foresee(last, named('calm', 'calmer', 'wild', 'fresh'), given);
    expect([...seen.answered].toSorted()).toEqual(['calm', 'calmer']);
    expect(seen.open).toEqual(['wild']);
    expect(seen.unknown).toEqual(['fresh']);
    expect(sentenceOf(seen, design)).toMatch(
      /^By the last run on this machine: a slowdown of 5% can be told in 2 of 3 cells, in about \d.* s; likely to stay open: wild; nothing is known yet of 1 more\.$/,
    );
  });

  it('hangs on the time that there is', () => {
    const last = lastRun({ calm: pairs(0.005), calmer: pairs(0.004) });
    const seen = foresee(last, named('calm', 'calmer'), { ...given, capMs: 5000 });
    expect(seen.answered).toEqual([]);
    expect(seen.open).toHaveLength(2);
  });

  it('takes nothing from pairs that compared another time', () => {
    const last = lastRun({ calm: pairs(0.005) });
    const seen = foresee(last, [{ name: 'calm', quantity: 'fast' }], given);
    expect(seen).toMatchObject({ answered: [], open: [], unknown: ['calm'] });
  });

  it('is the same for the same seed', () => {
    const last = lastRun({ calm: pairs(0.01) });
    expect(foresee(last, named('calm'), given)).toEqual(foresee(last, named('calm'), given));
  });
});
