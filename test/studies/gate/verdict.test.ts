import { describe, expect, it } from 'vitest';
import type { MeasuredCell } from '#dist/src/studies/gate/measure.js';
import { gateDocument, type GateFacts } from '#dist/src/studies/gate/verdict.js';
import { renderGate } from '#dist/src/studies/gate/render/console.js';
import { renderAnnotations } from '#dist/src/studies/gate/render/github.js';
import { renderJunit } from '#dist/src/studies/gate/render/junit.js';
import { renderGateMarkdown } from '#dist/src/studies/gate/render/markdown.js';
import { GateSchema } from '#dist/src/documents/gate.js';
import { gateDesign } from '#dist/src/studies/gate/gate-design.js';
import { goldenResults } from '../../golden/golden.js';

/** Pairs around a shift, evenly spread to both sides, in an order that is not theirs. */
function pairs(count: number, slowdown: number, spread = 0.01): number[] {
  return Array.from({ length: count }, (_, i) => {
    const place = (((i * 7) % count) + 0.5) / count - 0.5;
    return Math.log1p(slowdown) + 2 * spread * place;
  });
}

function cell(name: string, own: number[], { control = false, head = {} } = {}): MeasuredCell {
  const side = { status: 'ok', reason: null, otherWork: false, digest: 'd', rounds: [] };
  return {
    cell: {
      name,
      policy: 'queue',
      kind: 'cpu',
      quantity: 'fast',
      control,
      workload: { name: 'primes' },
      params: {},
    },
    outcome: { contestants: [side, { ...side, ...head }] },
    pairs: own,
  } as unknown as MeasuredCell;
}

const facts: GateFacts = {
  startedAt: '2026-11-24T12:00:00.000Z',
  elapsedMs: 90_000,
  command: ['gate'],
  seed: 1,
  aborted: false,
  base: { commit: 'a'.repeat(40), because: 'as asked' },
  head: { commit: 'b'.repeat(40), dirty: false },
  fingerprint: goldenResults().fingerprint,
  design: gateDesign(),
  accepted: [],
  oneSided: [],
  culprits: new Map(),
  untouched: false,
};
const still = cell('control', pairs(20, 0), { control: true });
const calm = cell('queue · json', pairs(20, 0));
const slow = cell('queue · primes', pairs(20, 0.1));

describe('gateDocument', () => {
  it('passes what is not slower, with a bound and the control told apart', () => {
    const gate = gateDocument([still, calm], facts);
    expect(gate.status).toBe('passed');
    expect(gate.cells.map(({ verdict }) => verdict)).toEqual(['not slower']);
    expect(gate.cells[0]?.sentence).toMatch(/^no slowdown of \d+(\.\d)?% or more: shift /);
    expect(gate.control).toMatchObject({ moved: false });
    expect(GateSchema.parse(JSON.parse(JSON.stringify(gate)))).toEqual(gate);
  });

  it('stops a slowdown that is confirmed, with its size inside the interval', () => {
    const gate = gateDocument([still, calm, slow], facts);
    expect(gate.status).toBe('slower');
    const row = gate.cells[1];
    expect(row).toMatchObject({ verdict: 'slower' });
    expect(row?.low as number).toBeLessThan(0.1);
    expect(row?.high as number).toBeGreaterThan(0.1);
    expect(row?.sentence).toMatch(
      /^slower by 10\.0% \(.* to .*\), [\d,.]+ to 1 against chance, 20 pairs$/,
    );
  });

  it('lets an accepted slowdown through up to its bound, and no other', () => {
    const entry = { cell: 'queue · primes', upTo: 0.12, reason: 'checks' };
    const accepted = gateDocument([still, slow], { ...facts, accepted: [entry] });
    expect(accepted.status).toBe('passed');
    expect(accepted.cells[0]).toMatchObject({ verdict: 'accepted' });
    expect(accepted.cells[0]?.sentence).toContain('accepted up to 12.0%: checks');
    const less = gateDocument([still, slow], { ...facts, accepted: [{ ...entry, upTo: 0.08 }] });
    expect(less.status).toBe('slower');
    const other = { ...entry, cell: 'queue · json' };
    expect(gateDocument([still, slow], { ...facts, accepted: [other] }).status).toBe('slower');
  });

  it('has measured nothing when the control moved, however clear a cell is', () => {
    const moved = cell('control', pairs(20, 0.05), { control: true });
    const gate = gateDocument([moved, slow], facts);
    expect(gate).toMatchObject({ status: 'not measured', control: { moved: true } });
    expect(gate.reason).toMatch(/control was called different/);
  });

  it('is not measured when noise hides what is asked, or time ran out', () => {
    const noisy = gateDocument([still, cell('queue · echo', pairs(20, 0, 0.5))], facts);
    expect(noisy).toMatchObject({ status: 'not measured', cells: [{ verdict: 'unresolved' }] });
    expect(noisy.cells[0]?.sentence).toMatch(/^unresolved: shift .* could hide .*, 20 pairs$/);
    const short = gateDocument([still, cell('queue · echo', pairs(1, 0))], facts);
    expect(short.cells[0]?.sentence).toMatch(/could hide any slowdown, 1 pair$/);
    expect(short.status).toBe('not measured');
    const none = gateDocument([cell('queue · echo', [])], facts);
    expect(none).toMatchObject({ status: 'not measured', control: null });
  });

  it('stops a head that fails, and tells of one that does other work', () => {
    const failed = { status: 'failed', reason: 'exited with code 7' };
    const crash = cell('queue · json', pairs(5, 0), { head: failed });
    expect(gateDocument([still, crash], facts)).toMatchObject({
      status: 'slower',
      cells: [{ verdict: 'failed', sentence: 'head: exited with code 7' }],
    });
    const other = cell('queue · json', [], { head: { ...failed, otherWork: true } });
    expect(gateDocument([still, other, calm], facts)).toMatchObject({
      status: 'passed',
      cells: [{ verdict: 'not comparable' }, { verdict: 'not slower' }],
    });
  });

  it('passes a change that touches nothing, and nothing else without a cell', () => {
    expect(gateDocument([], { ...facts, untouched: true }).status).toBe('passed');
    expect(gateDocument([], facts).status).toBe('not measured');
    expect(gateDocument([still, slow], { ...facts, aborted: true }).status).toBe('aborted');
  });
});

describe('what a gate run finds beside its verdicts', () => {
  const counts = (bytes: number) => ({
    slices: [],
    counts: { jobs: 10, bytes: bytes * 10, collections: 1 },
  });
  const found = cell('queue · primes', pairs(20, 0.1));
  const [base, head] = found.outcome.contestants as unknown as { rounds: object[] }[];
  Object.assign(base as object, { rounds: [1000, 1001, 1002].map(counts) });
  Object.assign(head as object, { rounds: [1100, 1101, 1102].map(counts) });
  const culprits = new Map([
    ['queue · primes', [{ name: 'step (dist/src/loop/task.js)', baseUs: 1, headUs: 2.5 }]],
  ]);
  const gate = gateDocument([still, found], { ...facts, culprits });

  it('is told by every reporter', () => {
    for (const text of [renderGate(gate, { color: false }), renderGateMarkdown(gate)]) {
      expect(text).toMatch(/what grew: step .*task\.js\\?\) 1\.0 µs → 2\.5 µs a job/);
      expect(text).toMatch(/bytes per job: 1,001 → 1,101 \(\+10/);
    }
  });
});

describe('the reporters of a gate run', () => {
  const hostile = '</system-out><b>&"\u001b[31m | x\n::error::y';
  const gate = gateDocument([still, calm, cell(hostile, pairs(20, 0.1))], {
    ...facts,
    oneSided: [{ what: `workload ${hostile}`, in: 'head' }],
  });

  it('say the same of every cell', () => {
    const console = renderGate(gate, { color: false });
    const markdown = renderGateMarkdown(gate);
    for (const text of [console, markdown]) {
      expect(text).toMatch(/queue · json.*not slower/);
      expect(text).toMatch(/slower by 10\.0%/);
      expect(text).toMatch(/The control stood still/);
      expect(text).toMatch(/is in head only: not gated/);
    }
    expect(console).not.toContain('\u001b');
    expect(markdown).not.toMatch(/<b>/);
    expect(markdown.split('\n').filter((line) => line.startsWith('|'))).toHaveLength(4);
  });

  it('JUnit: a failure for what is slower, and names that stay text', () => {
    const xml = renderJunit(gate);
    expect(xml).toMatch(/tests="2" failures="1"/);
    expect(xml).toContain('<failure message="slower by 10.0%');
    expect(xml).not.toContain('<b>');
    expect(xml).not.toContain('\u001b');
  });

  it('GitHub: one annotation a slow cell, on a line of its own', () => {
    const lines = renderAnnotations(gate).trimEnd().split('\n');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^::error title=.*%3A%3Aerror%3A%3Ay::slower by 10\.0%25/);
  });
});
