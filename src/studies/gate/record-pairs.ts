/**
 * Records what the gate's error rates are told from, pairs of this machine, as the gate measures them:
 *
 *   a/a       this build twice                                 how often is it wrong?
 *   slowed    this build, and a copy of the policy that is     what does it find? The size is known
 *             slower by a known share (slowed.ts)
 *
 * A round of every cell, then the next: what drifts over an hour is in all cells' pairs alike.
 */
import { measureCases, type Progress } from '../../harness/measure.js';
import { PLAIN, type Contestant, type Plan, type PlannedCase } from '../../harness/plan.js';
import { LIMITS } from '../plan.js';
import { SLOWDOWNS, type SelfTestCell } from '../../documents/self-test.js';
import type { Arena } from './arena.js';
import type { GateCell } from './cells.js';
import { PAIR, pairsOfCase } from './measure.js';
import { slowedConfig, slowedName } from './slowed.js';

export interface RecordOptions {
  /** A/A pairs of each cell. */
  readonly pairs: number;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
  readonly arena: Arena;
  /** The configuration of the head's build; null where there is none. */
  readonly config: string | null;
}

export interface Recorded {
  readonly cells: SelfTestCell[];
  /** Ms a pair took, all cells together. */
  readonly pairMs: number | null;
}

/** A third as many pairs of each slowdown: a power near 1 is told by fewer than an alarm rate near 0. */
export function slowedPairsFor(pairs: number): number {
  return Math.max(2, Math.ceil(pairs / 3));
}

export async function recordPairs(
  cells: readonly GateCell[],
  { pairs, seed, signal, onProgress, arena, config }: RecordOptions,
): Promise<Recorded> {
  const shares = [0, ...SLOWDOWNS];
  const planned = cells.flatMap((cell) =>
    shares.map((share) => ({
      ...cell,
      wanted: share === 0 ? pairs : slowedPairsFor(pairs),
      contestants: cell.contestants.map((each) =>
        each.name === 'base' || share === 0 ? each : slowed(each, share, config),
      ),
    })),
  );
  const total = planned.reduce((sum, { wanted }) => sum + wanted, 0);
  const plan: Plan = {
    reference: 'base',
    cases: planned satisfies PlannedCase[],
    effort: { rounds: Math.ceil(total / Math.max(1, planned.length)) }, // for the time left; see `choose`
    round: PAIR,
    limits: LIMITS,
    launch: PLAIN,
    seed,
  };
  const began = performance.now();
  const { cases } = await measureCases(plan, {
    signal,
    onProgress,
    beside: arena,
    choose: (outcomes) => {
      const due = outcomes
        .map(({ contestants }, at) => ({
          at,
          over: contestants.some(({ status }) => status !== 'ok'),
          share: roundsOf(contestants) / (planned[at]?.wanted ?? 1),
        }))
        .filter(({ over, share }) => !over && share < 1);
      return due.toSorted((a, b) => a.share - b.share)[0]?.at ?? null;
    },
  });
  const all = cases.reduce((sum, { contestants }) => sum + roundsOf(contestants), 0);
  return {
    pairMs: all === 0 ? null : (performance.now() - began) / all,
    cells: cells.map((cell, index) => {
      const own = cases.slice(index * shares.length, (index + 1) * shares.length);
      const failed = own
        .flatMap(({ contestants }) => contestants)
        .find((c) => c.status === 'failed');
      const [same = [], ...slower] = own.map((outcome) => pairsOfCase(outcome, cell.quantity));
      return {
        cell: cell.name,
        policy: cell.policy,
        workload: cell.workload.name,
        kind: cell.kind,
        failed: failed?.reason ?? null,
        pairs: same,
        slowed: SLOWDOWNS.map((slowdown, at) => ({ slowdown, pairs: slower[at] ?? [] })),
      };
    }),
  };
}

function slowed(head: Contestant, share: number, config: string | null): Contestant {
  return { ...head, policy: slowedName(head.policy), config: slowedConfig(share, config) };
}

function roundsOf(contestants: readonly { readonly rounds: readonly unknown[] }[]): number {
  return Math.min(...contestants.map(({ rounds }) => rounds.length));
}
