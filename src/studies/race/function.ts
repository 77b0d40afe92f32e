/**
 * A function of a user as the subject of a race, `./resize.ts#resize`. A module is written for it, which makes the function
 * the job of a workload (see `catalogue/function-file.ts`); the rest is measured as any workload is.
 */
import { ROUND, type Contestant } from '../../harness/plan.js';
import { differenceIn } from './answers.js';
import { nodeContestant, unavailable } from './contestants.js';
import { NOTHING_KNOWN, lookAt, type Known } from './function-look.js';
import { writeModules, type ModuleOptions } from './function-modules.js';
import type { FunctionSubject } from './function-subject.js';
import { caseNamed, type Prepared, type Preparing } from './prepared.js';
import type { Side } from './sides.js';

export async function prepareFunction(
  subject: FunctionSubject,
  preparing: Preparing,
): Promise<Prepared> {
  const { contestants, calls } = await functionContestants(subject, preparing);
  const { sides, scratch } = preparing;
  return {
    planned: [
      {
        ...caseNamed(subject.name, 'cpu'),
        params: calls === 1 ? {} : { calls },
        contestants,
      },
    ],
    round: ROUND,
    unit: 'calls',
    ignored: [],
    difference: (reference, other) => {
      const at = (name: string): number => sides.findIndex((side) => side.name === name);
      return differenceIn(scratch, at(reference), at(other));
    },
  };
}

export interface FunctionContestants {
  /** One for each side. */
  readonly contestants: readonly Contestant[];
  readonly calls: number;
  readonly known: Known;
}

/** `seen`: what an earlier look has found. `standIn`: they can also do the jobs of a stand-in. */
export async function functionContestants(
  subject: FunctionSubject,
  { sides, scratch }: Pick<Preparing, 'sides' | 'scratch'>,
  { seen, standIn = false }: { seen?: Known; standIn?: boolean } = {},
): Promise<FunctionContestants> {
  const [first] = sides.flatMap(({ tree }) => (tree.ok ? [tree.folder] : []));
  const known =
    seen ?? (first === undefined ? NOTHING_KNOWN : await lookAt(subject, first, scratch));
  const ways = new Set(sides.map(({ loop }) => `${loop.policy} ${loop.crossing}`));
  const calls = ways.size > 1 ? 1 : known.calls;
  const contestants: Contestant[] = [];
  for (const [at, side] of sides.entries()) {
    const made = { at, scratch, calls, given: known.given, standIn };
    contestants.push(cannotCross(side, known) ?? (await contestantOfSide(subject, side, made)));
  }
  return { contestants, calls, known };
}

/** A row that says why its inputs cannot cross as they should; null if they can. */
function cannotCross(side: Side, { bufferBytes }: Known): Contestant | null {
  const { crossing, pool } = side.loop;
  if (crossing === 'clone') return null;
  if (pool?.name === 'processes') {
    const reason = 'processes share no memory with this one, and nothing can be moved to them';
    return unavailable(side, reason, 'race it with where=workers:2');
  }
  if (bufferBytes !== 0) return null;
  const reason =
    'its inputs have no bytes that could be moved or shared: no ArrayBuffer, typed array or Buffer';
  return unavailable(side, reason, 'what is left is crossing=clone');
}

async function contestantOfSide(
  subject: FunctionSubject,
  side: Side,
  made: ModuleOptions,
): Promise<Contestant> {
  const { tree } = side;
  const config = tree.ok ? await writeModules(subject, side, tree.folder, made) : tree;
  return typeof config === 'string'
    ? nodeContestant(side, config)
    : unavailable(side, config.reason, config.remedy);
}
