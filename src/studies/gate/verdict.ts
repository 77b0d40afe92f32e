/** From measured pairs to the gate's document. Judges, and measures nothing. */
import type { Fingerprint } from '../../documents/results.js';
import type { Culprit, GateDocument, GateRow } from '../../documents/gate.js';
import { countedOf } from './counted.js';
import { decide, standingOf } from './decide.js';
import type { GateDesign } from './gate-design.js';
import { hodgesLehmann } from '../../stats/hodges-lehmann.js';
import type { Accepted } from './accepted.js';
import type { OneSided } from './cells.js';
import { pairsOfCase, type MeasuredCell } from './measure.js';
import { sentenceOf } from './sentences.js';

export interface GateFacts {
  readonly startedAt: string;
  readonly elapsedMs: number;
  readonly command: string[];
  readonly seed: number;
  readonly aborted: boolean;
  readonly base: GateDocument['base'];
  readonly head: GateDocument['head'];
  readonly fingerprint: Fingerprint;
  readonly design: GateDesign;
  readonly accepted: readonly Accepted[];
  readonly oneSided: readonly OneSided[];
  /** By cell: see `culprit.ts`. */
  readonly culprits: ReadonlyMap<string, Culprit[]>;
  /** No changed file can have touched what is measured. */
  readonly untouched: boolean;
}

export function gateDocument(measured: readonly MeasuredCell[], facts: GateFacts): GateDocument {
  const { aborted: _, untouched: __, accepted, culprits, oneSided, design, ...rest } = facts;
  const cells = measured
    .filter(({ cell }) => !cell.control)
    .map((one) => rowOf(one, measured.length, { design, accepted, culprits }));
  const control = controlOf(measured, design);
  return {
    schemaVersion: 2,
    ...statusOf(cells, control, facts),
    ...rest,
    design: { ...design },
    control,
    cells,
    oneSided: [...oneSided],
  };
}

function statusOf(
  cells: readonly GateRow[],
  control: GateDocument['control'],
  { aborted, oneSided, untouched }: GateFacts,
): Pick<GateDocument, 'status' | 'reason'> {
  const has = (...verdicts: GateRow['verdict'][]): boolean =>
    cells.some(({ verdict }) => verdicts.includes(verdict));
  if (aborted) return { status: 'aborted', reason: 'interrupted' };
  if (control?.moved === true) {
    const reason =
      'the control was called different, and its code is the same on both sides: base and head are not exchangeable here';
    return { status: 'not measured', reason };
  }
  if (has('slower', 'failed')) return { status: 'slower', reason: null };
  if (has('not slower', 'accepted')) return { status: 'passed', reason: null };
  if (cells.length === 0 && untouched) {
    return { status: 'passed', reason: 'the changed files touch nothing that is measured' };
  }
  if (cells.length === 0) {
    const what = oneSided.length > 0 ? 'base and head have no cell in common' : 'no cell to gate';
    return { status: 'not measured', reason: what };
  }
  return { status: 'not measured', reason: 'no cell came to a verdict' };
}

function rowOf(
  { cell, outcome, pairs }: MeasuredCell,
  cells: number,
  { design, accepted, culprits }: Pick<GateFacts, 'design' | 'accepted' | 'culprits'>,
): GateRow {
  const found = decide(pairs, cells, design);
  const { verdict, ...estimate } = found;
  const [base, head] = outcome.contestants;
  const broken = [head, base].find(
    (side) => side !== undefined && (side.status === 'failed' || side.status === 'unavailable'),
  );
  const row = {
    cell: cell.name,
    policy: cell.policy,
    workload: cell.workload.name,
    params: { ...cell.params },
    kind: cell.kind,
    quantity: cell.quantity,
    ...estimate,
    allowance: design.allowance,
    pairs: [...pairs],
    advisory: {
      median: advisoryOf(pairsOfCase(outcome, 0.5), design),
      p99: advisoryOf(pairsOfCase(outcome, 0.99), design),
    },
    counted: countedOf(base?.rounds ?? [], head?.rounds ?? []),
    culprits: culprits.get(cell.name) ?? [],
  };
  if (broken !== undefined) {
    // A head that crashes is a head that must not land; that the work itself has changed is told.
    const fails = broken === head && broken.status === 'failed' && !broken.otherWork;
    const side = broken === head ? 'head' : 'base';
    return {
      ...row,
      verdict: fails ? 'failed' : 'not comparable',
      sentence: `${side}: ${broken.reason}`,
    };
  }
  const excuse = accepted.find((entry) => entry.cell === cell.name);
  const excused =
    verdict === 'slower' && excuse !== undefined && (estimate.shift as number) <= excuse.upTo;
  return {
    ...row,
    verdict: excused ? 'accepted' : verdict,
    sentence: sentenceOf(found, pairs.length, excuse),
  };
}

function advisoryOf(pairs: readonly number[], design: GateDesign): GateRow['advisory']['median'] {
  if (pairs.length < 2) return { shift: null, low: null, high: null };
  const { point, low, high } = hodgesLehmann(pairs, design.confidence);
  return {
    shift: Math.expm1(point),
    low: low === null ? null : Math.expm1(low),
    high: high === null ? null : Math.expm1(high),
  };
}

/** It moves where either side of it would be called slower. */
function controlOf(measured: readonly MeasuredCell[], design: GateDesign): GateDocument['control'] {
  const own = measured.find(({ cell, pairs }) => cell.control && pairs.length > 0);
  if (own === undefined) return null;
  const mirrored = own.pairs.map((pair) => -pair);
  const slower = [own.pairs, mirrored].map((pairs) => standingOf(pairs, measured.length, design));
  const { point } = hodgesLehmann(own.pairs);
  return {
    shift: Math.expm1(point),
    moved: slower.some(({ decided }) => decided === 'slower'),
    pairs: [...own.pairs],
  };
}
