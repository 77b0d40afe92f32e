/** From what a sweep has measured so far to the state from which `next-point.ts` decides. */
import type { CaseOutcome } from '../../harness/case-run.js';
import { logRatios } from '../../documents/observations.js';
import type { SweepState } from './next-point.js';

export function stateOf(
  outcomes: readonly CaseOutcome[],
  { grid, coarse, scale }: Pick<SweepState, 'grid' | 'coarse' | 'scale'>,
  reference: string,
): SweepState {
  const names = (outcomes[0]?.contestants ?? [])
    .map(({ contestant }) => contestant.name)
    .filter((name) => name !== reference);
  const roundsOf = (outcome: CaseOutcome | undefined, name: string) =>
    outcome?.contestants.find(({ contestant }) => contestant.name === name)?.rounds ?? [];
  return {
    grid,
    coarse,
    scale,
    rounds: outcomes.map(({ contestants }) =>
      Math.max(0, ...contestants.map(({ rounds }) => rounds.length)),
    ),
    over: outcomes.map(
      ({ contestants }) => contestants.filter(({ status }) => status === 'ok').length < 2,
    ),
    curves: names.map((name) =>
      grid.map((x, at) => ({
        x,
        differences: logRatios(roundsOf(outcomes[at], name), roundsOf(outcomes[at], reference)),
      })),
    ),
  };
}
