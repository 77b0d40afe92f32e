/**
 * Whether runs may be put together: shards of one plan, or several whole runs of it. Everything that speaks against it is
 * refused by name; what a flag allows is then said in the merged run.
 */
import { mixedFields } from '../../analysis/host-words.js';
import { caseKey, titleOf } from '../../documents/cases.js';
import type { Cell, Results, Shard } from '../../documents/results.js';
import { UsageError } from '../../text/usage.js';

export interface SavedRun {
  readonly file: string;
  readonly results: Results;
}

export interface Allowed {
  /** Runs of other commits, or of other versions of loopdyno or Node. */
  readonly ignoreFingerprint?: boolean;
  readonly allowMissing?: boolean;
  readonly allowRepeated?: boolean;
}

/** These runs are not parts of one; the message names the files, and what to do. */
export class MergeError extends UsageError {}

/** The cases of the whole plan, in its order. */
export function casesOfPlan({ shard, cells }: Results): Shard['cases'] {
  if (shard !== undefined) return shard.cases;
  const cases = new Map<string, Shard['cases'][number]>();
  for (const cell of cells) {
    const { workload, params, contestant } = cell;
    const found = cases.get(caseKey(cell)) ?? { workload, params, contestants: [] };
    cases.set(caseKey(cell), found);
    found.contestants.push(contestant.policy);
  }
  return [...cases.values()];
}

/** Throws a MergeError, or returns the shards that are missing. */
export function agree(runs: readonly SavedRun[], allowed: Allowed): number[] {
  const [first, ...others] = runs;
  if (first === undefined) throw new MergeError('no run: it takes two or more');
  // A single shard is allowed here: then the others are missing.
  if (others.length === 0 && first.results.shard === undefined) {
    throw new MergeError(`only one run, ${first.file}: it takes two or more`);
  }
  for (const run of runs) usable(run);
  distinct(runs);
  for (const other of others) {
    const difference = planDifference(first.results, other.results);
    if (difference === null) continue;
    throw new MergeError(`${other.file} is not of the plan of ${first.file}: ${difference}`);
  }
  if (allowed.ignoreFingerprint !== true) for (const other of others) sameProgram(first, other);
  return missingShards(runs, allowed);
}

function usable({ file, results: { status, merged } }: SavedRun): void {
  if (merged !== undefined) {
    throw new MergeError(`${file} was merged already: give the runs that it was made of`);
  }
  if (status === 'aborted') {
    throw new MergeError(`${file} was ended early: measure again, or leave it out`);
  }
}

/** A run that counts twice makes an interval too narrow. */
function distinct(runs: readonly SavedRun[]): void {
  const seen = new Map<string, string>();
  for (const { file, results } of runs) {
    const measured = JSON.stringify([results.startedAt, results.cells.map(({ rounds }) => rounds)]);
    const same = seen.get(measured);
    if (same !== undefined)
      throw new MergeError(`${file} is the same run as ${same}: leave it out`);
    seen.set(measured, file);
  }
}

/** In which way the second is of another plan than the first; null if it is of the same. */
function planDifference(a: Results, b: Results): string | null {
  const kind = ({ shard }: Results): string =>
    shard === undefined ? 'a whole run' : `a shard of ${shard.of}`;
  if (kind(a) !== kind(b)) return `it is ${kind(b)}, and not ${kind(a)}`;
  for (const field of ['reference', 'seed', 'mode', 'load', 'race'] as const) {
    const [one, other] = [a[field], b[field]].map((value) => JSON.stringify(value ?? null));
    if (one !== other) return `its ${field} is ${other}, and not ${one}`;
  }
  const cases = new Map(casesOfPlan(b).map((each) => [caseKey(each), each]));
  for (const own of casesOfPlan(a)) {
    const other = cases.get(caseKey(own));
    if (other === undefined) return `it has no case '${titleOf(own)}'`;
    cases.delete(caseKey(own));
    const [these, those] = [own.contestants, other.contestants].map((names) =>
      names.toSorted().join(', '),
    );
    if (these !== those) return `its policies in '${titleOf(own)}' are ${those}, and not ${these}`;
  }
  const [more] = cases.values();
  return more === undefined ? null : `it has the case '${titleOf(more)}', too`;
}

function sameProgram(a: SavedRun, b: SavedRun): void {
  const mixed = mixedFields([a.results.fingerprint, b.results.fingerprint]);
  const fields = mixed.map(({ field, values }) => `${field} (${values.join(' / ')})`);
  const runtimes = new Map(b.results.cells.map((cell) => [cellKey(cell), runtimeOf(cell)]));
  for (const cell of a.results.cells) {
    const [one, other] = [runtimeOf(cell), runtimes.get(cellKey(cell)) ?? runtimeOf(cell)];
    const field = `${cell.contestant.policy} (${one} / ${other})`;
    if (one !== other && !fields.includes(field)) fields.push(field);
  }
  if (fields.length === 0) return;
  throw new MergeError(
    `${a.file} and ${b.file} are not of the same program and runtime: ${fields.join(', ')}; ` +
      'a difference between hosts may be theirs. --ignore-fingerprint merges them all the same',
  );
}

function cellKey(cell: Cell): string {
  return `${caseKey(cell)} ${cell.contestant.policy}`;
}

function runtimeOf({ contestant: { runtime } }: Cell): string {
  return runtime ?? "the run's Node";
}

function missingShards(
  runs: readonly SavedRun[],
  { allowMissing, allowRepeated }: Allowed,
): number[] {
  const [first] = runs;
  const plan = first?.results.shard;
  if (plan === undefined) return [];
  const { of, cases } = plan;
  const missing: number[] = [];
  for (let index = 1; index <= of; index++) {
    const files = runs
      .filter(({ results }) => results.shard?.index === index)
      .map(({ file }) => file);
    if (files.length === 0) missing.push(index);
    if (files.length > 1 && allowRepeated !== true) {
      throw new MergeError(
        `shard ${index}/${of} is there ${files.length} times (${files.join(', ')}): give one of them, ` +
          'or --allow-repeated to average over them as over several hosts',
      );
    }
  }
  const [lacking] = missing;
  if (lacking === undefined || allowMissing === true) return missing;
  const titles = cases.filter((_, at) => missing.includes((at % of) + 1)).map(titleOf);
  throw new MergeError(
    `shard ${missing.map((index) => `${index}/${of}`).join(', ')} is missing (${titles.join('; ')}): ` +
      `measure with --shard ${lacking}/${of}, or --allow-missing merges the others`,
  );
}
