/**
 * Which functions of a slower cell grew. V8's profiler samples both sides' work, in processes of their own, as they lie
 * in the arena. Each function's own time per job is compared:
 *
 *   base ─ head ─ head ─ base      a process each: opened, warm, then PROFILE_MS of work
 *
 * A function is named by its file, below the side's folder, and its name: its line may have moved. What the harness does
 * itself is left out.
 */
import { mkdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Culprit } from '../../documents/gate.js';
import { mean, sum } from '../../stats/moments.js';
import { inspect } from '../inspect/inspect.js';
import { LIMITS } from '../plan.js';
import { decide } from './decide.js';
import type { GateDesign } from './gate-design.js';
import type { MeasuredCell } from './measure.js';

const PROFILE_MS = 800;
/** The number of cells of a run that are looked into, at most. The slowest come first. */
const MOST_CELLS = 3;
/** Functions of a cell, and the share of all that grew from which on one is told. */
const MOST_NAMED = 3;
const TOLD = 0.1;

export interface CulpritOptions {
  readonly design: GateDesign;
  readonly seed: number;
  /** Where the profiles are kept. */
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** By cell. A cell whose work cannot be sampled has none: the verdict stands without. */
export async function culpritsOf(
  measured: readonly MeasuredCell[],
  { design, seed, folder, signal, say }: CulpritOptions,
): Promise<Map<string, Culprit[]>> {
  const slower = measured
    .filter(({ cell }) => !cell.control)
    .map((each) => ({ ...each, found: decide(each.pairs, measured.length, design) }))
    .filter(({ found }) => found.verdict === 'slower')
    .toSorted((a, b) => (b.found.shift ?? 0) - (a.found.shift ?? 0))
    .slice(0, MOST_CELLS);
  const culprits = new Map<string, Culprit[]>();
  for (const one of slower) {
    if (signal.aborted) break;
    say(`Looking for what grew: ${one.cell.name}`);
    try {
      culprits.set(one.cell.name, grown(await profilesOf(one, { seed, folder, signal })));
    } catch (error) {
      if (!signal.aborted) say(`No profile of ${one.cell.name}: ${(error as Error).message}`);
    }
  }
  return culprits;
}

/** µs of its own per job, by function. */
export type OwnTimes = ReadonlyMap<string, number>;

export interface Profiles {
  readonly base: readonly OwnTimes[];
  readonly head: readonly OwnTimes[];
}

/** The functions that grew most, largest growth first. */
export function grown({ base, head }: Profiles): Culprit[] {
  const names = new Set([...base, ...head].flatMap((times) => [...times.keys()]));
  const all = [...names]
    .map((name) => {
      const baseUs = mean(base.map((times) => times.get(name) ?? 0));
      const headUs = mean(head.map((times) => times.get(name) ?? 0));
      return { name, baseUs, headUs };
    })
    .filter(({ baseUs, headUs }) => headUs > baseUs)
    .toSorted((a, b) => b.headUs - b.baseUs - (a.headUs - a.baseUs));
  const whole = sum(all, ({ baseUs, headUs }) => headUs - baseUs);
  return all.slice(0, MOST_NAMED).filter(({ baseUs, headUs }) => headUs - baseUs >= TOLD * whole);
}

async function profilesOf(
  { cell, outcome }: MeasuredCell,
  { seed, folder, signal }: Pick<CulpritOptions, 'seed' | 'folder' | 'signal'>,
): Promise<Profiles> {
  await mkdir(folder, { recursive: true });
  const { workload, params } = cell;
  const found: Record<'base' | 'head', OwnTimes[]> = { base: [], head: [] };
  for (const side of ['base', 'head', 'head', 'base'] as const) {
    const { contestant, command } = outcome.contestants[side === 'base' ? 0 : 1] ?? {};
    if (contestant === undefined || command === undefined) continue;
    const { placed = (at: string): string => at } = contestant;
    const path = join(folder, `${slug(cell.name)}.${side}.cpuprofile`);
    const subject = { contestant, command: command.map(placed), limits: LIMITS };
    const { jobs } = await inspect(
      { ...subject, workload, params, seed },
      { what: 'profile', path, ms: PROFILE_MS },
      signal,
    );
    const root = rootOf(subject.command);
    found[side].push(
      ownTimes(ProfileSchema.parse(JSON.parse(await readFile(path, 'utf8'))), { jobs, root }),
    );
  }
  return found;
}

const ProfileSchema = z.object({
  nodes: z.array(
    z.object({
      id: z.number(),
      callFrame: z.object({ functionName: z.string(), url: z.string(), lineNumber: z.number() }),
    }),
  ),
  samples: z.array(z.number()),
  timeDeltas: z.array(z.number()),
});

/** Waiting is nobody's time. */
const WAITING = new Set(['(idle)', '(root)']);

/** Samples are taken, and jobs timed, by these. */
const HARNESS = /\((?:.*\/)?(?:tinybench\/.*|src\/contestant\/[^/]*)\)$/;

export function ownTimes(
  { nodes, samples, timeDeltas }: z.infer<typeof ProfileSchema>,
  { jobs, root }: { jobs: number; root: string },
): OwnTimes {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame, root)]));
  const times = new Map<string, number>();
  for (const [at, id] of samples.entries()) {
    const name = names.get(id) ?? '';
    if (WAITING.has(name) || HARNESS.test(name)) continue;
    times.set(name, (times.get(name) ?? 0) + (timeDeltas[at] ?? 0) / jobs);
  }
  return times;
}

/** `step (dist/src/loop/task.js)`; V8's own words, such as `(garbage collector)`, have no file. */
function nameOf(
  { functionName, url, lineNumber }: { functionName: string; url: string; lineNumber: number },
  root: string,
): string {
  if (url === '') return functionName;
  const file = url.startsWith('file:') ? relative(root, fileURLToPath(url)) : url;
  return functionName === '' ? `line ${lineNumber + 1} (${file})` : `${functionName} (${file})`;
}

/** The side's folder: the entry is `…/dist/src/contestant/main.js`. */
function rootOf(command: readonly string[]): string {
  return join(command.at(-1) ?? '', '..', '..', '..', '..');
}

function slug(name: string): string {
  return name.replaceAll(/[^a-z0-9]+/gi, '-').toLowerCase();
}
