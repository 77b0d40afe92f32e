/** A sweep whose curve is known: the cells of the golden run, with other rates. */
import { assembleSweep } from '#dist/src/studies/sweep/document.js';
import type { Sweep } from '#dist/src/documents/sweep.js';
import type { Cell } from '#dist/src/documents/results.js';
import { analyseCase } from '#dist/src/analysis/estimates.js';
import { goldenResults } from './golden.js';

const XS = [10, 18, 32, 56, 100, 178, 316, 562, 1000];
/** What four rounds differ by. */
const NOISE = [0.99, 1.01, 1.005, 0.995];

export function sweepOf(ratio: (x: number) => number, policy = 'workers'): Sweep {
  const results = goldenResults();
  const cell = results.cells.find(({ status }) => status === 'ok');
  const round = cell?.rounds[0];
  const slice = round?.slices[0];
  if (cell === undefined || round === undefined || slice === undefined) {
    throw new Error('the golden run has no round');
  }
  const cells = XS.flatMap((us): Cell[] => {
    const roundsOf = (times: (number: number) => number) =>
      NOISE.map((_, number) => ({
        ...round,
        round: number,
        slices: [{ ...slice, turn: 0, jobs: Math.round((1e7 / us) * times(number)), ms: 10_000 }],
      }));
    const rounds = new Map([
      ['microtask', roundsOf(() => 1)],
      [policy, roundsOf((number) => ratio(us) * (NOISE[number] ?? 1))],
    ]);
    const estimates = analyseCase('microtask', rounds);
    return [...rounds].map(([name, own]) => ({
      ...cell,
      workload: 'spin',
      params: { us },
      contestant: { policy: name },
      ...estimates.get(name),
      rounds: own,
    }));
  });
  return assembleSweep(
    { ...results, reference: 'microtask', cells },
    { name: 'us', from: 10, to: 1000, scale: 'log' },
    'µs per job',
  );
}
