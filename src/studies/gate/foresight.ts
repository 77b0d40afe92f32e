/**
 * What a run is likely to see on this machine in its time, said before it begins: the pairs of the last run here are
 * drawn anew, with sides exchanged by a coin as if the code were the same, and judged as in a run. A cell whose draws
 * mostly come to an answer within the time is expected to be answered. The nearest to its answer comes first, as in
 * `measure.ts`.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GateSchema, type GateDocument } from '../../documents/gate.js';
import type { Fingerprint } from '../../documents/results.js';
import { mixed, resample, seeded } from '../../stats/random.js';
import { sum } from '../../stats/moments.js';
import { formatBound, formatElapsed } from '../../text/format.js';
import type { GateCell } from './cells.js';
import { standingOf } from './decide.js';
import type { GateDesign } from './gate-design.js';

const DRAWS = 40;
/** Pairs that say something of a cell. */
const FEWEST = 3;

export interface Foresight {
  /** Cells that are likely to be answered, and those that are not. */
  readonly answered: readonly string[];
  readonly open: readonly string[];
  /** Cells that the last run did not have. */
  readonly unknown: readonly string[];
  readonly ms: number;
}

export function foresee(
  last: GateDocument,
  cells: readonly Pick<GateCell, 'name' | 'quantity'>[],
  { design, capMs, seed }: { design: GateDesign; capMs: number; seed: number },
): Foresight {
  const random = seeded(mixed(seed));
  // Pairs of another quantity spread by another amount.
  const own = last.cells.filter(
    ({ cell, quantity, pairs }) =>
      pairs.length >= FEWEST &&
      cells.some((each) => each.name === cell && each.quantity === quantity),
  );
  const known = new Set(own.map(({ cell }) => cell));
  const all = sum(last.cells, ({ pairs }) => pairs.length) + (last.control?.pairs.length ?? 0);
  const msPerPair = last.elapsedMs / Math.max(1, all);
  const expected = own.map(({ cell, pairs }) => {
    const after = Array.from({ length: DRAWS }, () => {
      const drawn = resample(pairs, random, design.mostPairs).map((pair) =>
        random.int(0, 1) === 0 ? pair : -pair,
      );
      const standing = standingOf(drawn, cells.length, design);
      return standing.decided === null ? Infinity : standing.after;
    });
    // Not an interpolated median: two draws without an answer have no mean.
    const usual = after.toSorted((a, b) => a - b)[DRAWS >> 1] ?? Infinity;
    return { cell, ms: usual * msPerPair };
  });
  const answered: string[] = [];
  let ms = 0;
  for (const each of expected.toSorted((a, b) => a.ms - b.ms)) {
    if (ms + each.ms > capMs) break;
    ms += each.ms;
    answered.push(each.cell);
  }
  return {
    answered,
    open: [...known].filter((cell) => !answered.includes(cell)),
    unknown: cells.map(({ name }) => name).filter((name) => !known.has(name)),
    ms,
  };
}

export function sentenceOf(
  { answered, open, unknown, ms }: Foresight,
  { allowance }: GateDesign,
): string {
  const of = answered.length + open.length;
  const rest = open.length === 0 ? '' : `; likely to stay open: ${open.join(', ')}`;
  const others = unknown.length === 0 ? '' : `; nothing is known yet of ${unknown.length} more`;
  return (
    `By the last run on this machine: a slowdown of ${formatBound(allowance)} can be told in ` +
    `${answered.length} of ${of} cells, in about ${formatElapsed(ms)}${rest}${others}.`
  );
}

/** The last run that this folder holds; null where there is none, or it was of another machine. */
export async function lastRun(folder: string, here: Fingerprint): Promise<GateDocument | null> {
  const text = await readFile(join(folder, 'gate.json'), 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    const { data } = GateSchema.safeParse(JSON.parse(text));
    if (data === undefined || data.elapsedMs === 0) return null;
    const { cpu, cores, node } = data.fingerprint;
    return cpu === here.cpu && cores === here.cores && node === here.node ? data : null;
  } catch {
    return null;
  }
}
