import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ledgerEntry, type LedgerEntry } from '#dist/src/documents/ledger.js';
import type { GateDocument } from '#dist/src/documents/gate.js';
import { merged } from '#dist/src/studies/ledger/ledger.js';
import { tallyOf } from '#dist/src/studies/ledger/tally.js';
import { goldenResults } from '../../golden/golden.js';
import { loopdyno } from '../../e2e/command.js';

const entry: LedgerEntry = {
  at: '2026-11-27T12:00:00.000Z',
  commit: 'a'.repeat(40),
  machine: '2 × CPU, Node 20.20.2',
  elapsedMs: 180_000,
  same: true,
  controlMoved: false,
  cells: 12,
  slower: 0,
  open: 1,
};

const gate = {
  status: 'passed',
  startedAt: entry.at,
  elapsedMs: 180_000,
  base: { commit: 'a'.repeat(40), because: 'as asked' },
  head: { commit: 'a'.repeat(40), dirty: false },
  fingerprint: goldenResults().fingerprint,
  control: { shift: 0, moved: false, pairs: [0] },
  cells: [{ verdict: 'not slower' }, { verdict: 'unresolved' }, { verdict: 'slower' }],
} as unknown as GateDocument;

describe('a line of the ledger', () => {
  it('says what the run said, and whether its cells could be slower at all', () => {
    expect(ledgerEntry(gate)).toMatchObject({ same: true, cells: 3, slower: 1, open: 1 });
    const dirty = { ...gate, head: { ...gate.head, dirty: true } };
    const other = { ...gate, base: { ...gate.base, commit: 'b'.repeat(40) } };
    expect([dirty, other].map((each) => ledgerEntry(each)?.same)).toEqual([false, false]);
    expect(ledgerEntry({ ...gate, control: null })?.controlMoved).toBeNull();
    expect(ledgerEntry({ ...gate, status: 'aborted' })).toBeNull();
  });
});

describe('the tally', () => {
  it('counts what was wrong among what could be', () => {
    const runs = [
      entry,
      { ...entry, open: 3, elapsedMs: 240_000 },
      { ...entry, slower: 2, controlMoved: null },
      { ...entry, same: false, slower: 5, controlMoved: true },
    ];
    const tally = tallyOf(runs);
    expect(tally).toMatchObject({ runs: 4, openAtMedian: 1 });
    expect(tally.controls).toMatchObject({ events: 1, trials: 3 });
    expect(tally.alarms).toMatchObject({ events: 1, trials: 3 });
    expect(tally.elapsedMs?.median).toBe(210_000);
  });

  it('is of nothing where nothing could be wrong', () => {
    const { alarms, controls } = tallyOf([{ ...entry, same: false, controlMoved: null }]);
    expect([alarms, controls]).toEqual([null, null]);
  });

  it('counts a run once that several ledgers have', () => {
    const later = { ...entry, at: '2026-11-28T12:00:00.000Z' };
    expect(merged([later, entry, entry])).toEqual([entry, later]);
  });
});

describe('loopdyno ledger', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'loopdyno-ledger-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('tells the live rate of several ledgers', async () => {
    const lines = Array.from({ length: 30 }, (_, i) => ({ ...entry, at: `${1000 + i}` }));
    const half = (from: number): string =>
      lines
        .slice(from, from + 20)
        .map((line) => JSON.stringify(line))
        .join('\n');
    await writeFile(join(folder, 'ledger.jsonl'), half(0));
    await writeFile(join(folder, 'other.jsonl'), `${half(10)}\n`);
    const { stdout, code } = await loopdyno(['ledger', '.', 'other.jsonl'], folder);
    expect(code).toBe(0);
    expect(stdout).toContain('30 runs of the gate\n');
    expect(stdout).toContain('controls called different: 0 of 30 (at most 12%');
    const json = await loopdyno(['ledger', '.', '--json'], folder);
    expect(JSON.parse(json.stdout)).toMatchObject({ runs: 20, alarms: { events: 0, trials: 20 } });
  });

  it('names a file that is not there, and a line that is none of a ledger', async () => {
    const missing = await loopdyno(['ledger'], folder);
    expect(missing).toMatchObject({ code: 2 });
    expect(missing.stderr).toMatch(/cannot read 'results\/gate': there is no such file/);
    await writeFile(join(folder, 'bad.jsonl'), `${JSON.stringify(entry)}\n{"at":1}\n`);
    const bad = await loopdyno(['ledger', 'bad.jsonl'], folder);
    expect(bad).toMatchObject({ code: 2 });
    expect(bad.stderr).toMatch(/bad\.jsonl:2 is no line of a ledger: at /);
  });
});
