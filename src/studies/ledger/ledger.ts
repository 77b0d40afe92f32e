/** `loopdyno ledger`: the gate's actual rate of false alarms, from any number of ledgers. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { LedgerEntrySchema, type LedgerEntry } from '../../documents/ledger.js';
import { quote } from '../../text/errors.js';
import { formatCount, formatElapsed, formatShare } from '../../text/format.js';
import { UsageError } from '../../text/usage.js';
import type { Rate } from '../../stats/proportion.js';
import { printJson } from '../terminal.js';
import { tallyOf, type Tally } from './tally.js';

/** The file in `results/gate/`, one line per run. */
export const LEDGER = 'ledger.jsonl';

export async function ledger(paths: readonly string[], flags: { json?: boolean }): Promise<void> {
  const entries = merged((await Promise.all(paths.map(entriesOf))).flat());
  const tally = tallyOf(entries);
  if (flags.json === true) printJson({ ...tally, entries });
  else process.stdout.write(render(tally));
}

/** A run that is in several ledgers counts once. */
export function merged(entries: readonly LedgerEntry[]): LedgerEntry[] {
  const byRun = new Map(entries.map((entry) => [`${entry.at} ${entry.machine}`, entry]));
  return [...byRun.values()].toSorted((a, b) => (a.at < b.at ? -1 : 1));
}

async function entriesOf(path: string): Promise<LedgerEntry[]> {
  let text: string;
  let file = path;
  try {
    if ((await stat(path)).isDirectory()) file = join(path, LEDGER);
    text = await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'there is no such file' : (error as Error).message;
    throw new UsageError(`cannot read '${path}': ${why}; \`loopdyno gate\` writes ${LEDGER}`);
  }
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line, at) => entryOf(line, `${file}:${at + 1}`));
}

function entryOf(line: string, where: string): LedgerEntry {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new UsageError(`${where} is no JSON: ${quote(line.slice(0, 80))}; take the line out`);
  }
  const parsed = LedgerEntrySchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UsageError(
    `${where} is no line of a ledger: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}; take it out`,
  );
}

export function render({ runs, controls, alarms, openAtMedian, elapsedMs }: Tally): string {
  const lines = [`${formatCount(runs)} ${runs === 1 ? 'run' : 'runs'} of the gate`];
  if (controls !== null) lines.push(`controls called different: ${rateText(controls)}`);
  lines.push(
    alarms === null
      ? 'no run of a commit against itself: `loopdyno gate --base HEAD` in a clean tree is one'
      : `runs of a commit against itself, with a cell called slower: ${rateText(alarms)}`,
  );
  if (openAtMedian !== null) lines.push(`of those, cells left open at the median: ${openAtMedian}`);
  if (elapsedMs !== null) {
    const { median, p95 } = elapsedMs;
    lines.push(`and time: ${formatElapsed(median)} at the median, ${formatElapsed(p95)} at p95`);
  }
  return `${lines.join('\n')}\n`;
}

function rateText({ events, trials, high }: Rate): string {
  return `${formatCount(events)} of ${formatCount(trials)} (at most ${formatShare(high)}, 95% interval)`;
}
