/** From measured pairs to the gate's document. Judges, and measures nothing. */
import type { Fingerprint } from '../../documents/results.js';
import type { GateDocument, GateRow } from '../../documents/gate.js';
import { decide, type CellVerdict } from './decide.js';
import { stagesOf, type GateDesign } from './gate-design.js';
import { hodgesLehmann } from '../../stats/hodges-lehmann.js';
import { minimumDetectableEffect } from '../../stats/mde.js';
import { robustDeviation } from '../../stats/spread.js';
import { controls } from './stages.js';
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
  /** No changed file can have touched what is measured. */
  readonly untouched: boolean;
}

export function gateDocument(measured: readonly MeasuredCell[], facts: GateFacts): GateDocument {
  const { aborted: _, untouched: __, accepted, oneSided, design, ...rest } = facts;
  const gated = measured.filter(({ cell }) => !cell.control);
  const verdicts = decide(
    new Map(gated.map(({ cell, screen, confirm }) => [cell.name, { screen, confirm }])),
    design,
  );
  const cells = gated.map((one) =>
    rowOf(one, verdicts.get(one.cell.name) as CellVerdict, design, accepted),
  );
  const control = controlOf(measured, design);
  return {
    schemaVersion: 1,
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
      'the control moved, whose code is the same on both sides: this machine favours one of them now';
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
  { cell, outcome, screen, confirm }: MeasuredCell,
  found: CellVerdict,
  design: GateDesign,
  accepted: readonly Accepted[],
): GateRow {
  const { verdict, reason: _, ...estimate } = found;
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
    ...estimate,
    allowance: design.allowance,
    pairs: { screen, confirm },
    advisory: {
      median: advisoryOf(pairsOfCase(outcome, 0.5), design),
      p99: advisoryOf(pairsOfCase(outcome, 0.99), design),
    },
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
    sentence: sentenceOf({ ...found, allowance: design.allowance }, confirm, screen, excuse),
  };
}

function advisoryOf(pairs: readonly number[], design: GateDesign): GateRow['advisory']['median'] {
  if (pairs.length < 2) return { shift: null, low: null, high: null, mde: null };
  const { point, low, high } = hodgesLehmann(pairs, design.confidence);
  const mde = minimumDetectableEffect(robustDeviation(pairs), stagesOf(design, 1), design.power);
  return {
    shift: Math.expm1(point),
    low: low === null ? null : Math.expm1(low),
    high: high === null ? null : Math.expm1(high),
    mde: Math.expm1(mde),
  };
}

function controlOf(measured: readonly MeasuredCell[], design: GateDesign): GateDocument['control'] {
  const own = measured.find(({ cell, screen }) => cell.control && screen.length > 0);
  if (own === undefined) return null;
  const test = controls(new Map([[own.cell.name, own.screen]]), design).get(own.cell.name);
  if (test === undefined) return null;
  return { p: test.p, shift: Math.expm1(test.shift), moved: test.moved, pairs: own.screen };
}
