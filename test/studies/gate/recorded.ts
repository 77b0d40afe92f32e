/** What a self-test records, made of seeded noise. */
import { SLOWDOWNS, type SelfTest } from '#dist/src/documents/self-test.js';
import { gateDesign } from '#dist/src/studies/gate/gate-design.js';
import { goldenResults } from '../../golden/golden.js';
import { normalNoise } from '../../stats/noise.js';

/** A cell whose pairs spread by `deviation`, and whose slowed copies read as `read` of what they should. */
export function recordedCell(cell: string, deviation: number, read = 1): SelfTest['cells'][number] {
  const noise = normalNoise(cell.length);
  const pairs = (count: number, shift: number): number[] =>
    Array.from({ length: count }, () => shift + deviation * noise());
  return {
    cell,
    policy: 'queue',
    workload: cell,
    kind: 'cpu',
    failed: null,
    pairs: pairs(60, 0),
    slowed: SLOWDOWNS.map((slowdown) => ({
      slowdown,
      pairs: pairs(20, Math.log1p(slowdown) * read),
    })),
  };
}

export function recordOf(cells: SelfTest['cells']): Omit<SelfTest, 'rates' | 'curve'> {
  return {
    schemaVersion: 2,
    status: 'complete',
    startedAt: '2026-11-24T12:00:00.000Z',
    elapsedMs: 600_000,
    command: ['gate', '--self-test'],
    seed: 1,
    fingerprint: goldenResults().fingerprint,
    design: { ...gateDesign() },
    pairMs: 1500,
    cells,
  };
}
