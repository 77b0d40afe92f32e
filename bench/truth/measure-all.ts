/** Bare programs for the cells of a run: all cases once, then all again, so that a slow spell touches each a little. */
import { casesOf, titleOf } from '../../src/documents/cases.js';
import type { Results } from '../../src/documents/results.js';
import { policyNames } from '../../src/policies/registry.js';
import { UsageError } from '../../src/text/usage.js';
import type { Kind, Workload } from '../../src/workload/workload.js';
import { loadWorkloads } from '../../src/workloads/registry.js';
import type { MeasuredCase } from './estimates.js';
import { repetition, type Repetition, type TruthCase } from './measure.js';
import type { Options } from './options.js';
import { hasDigestOfRun } from './works.js';

const allWorkloads = await loadWorkloads();

export interface Measured {
  readonly results: Results;
  readonly cases: readonly MeasuredCase[];
  /** A line for each case that could not be measured. */
  readonly failures: readonly string[];
}

/** A server and its client take longer than a job to be compiled. */
const WARM_MS: Readonly<Record<Kind, number>> = { cpu: 3000, io: 4000, mixed: 4000 };

export async function measureBare(
  results: Results,
  options: Options,
  signal: AbortSignal,
): Promise<Measured> {
  const { effort, warmMs } = options;
  if (results.load !== null) {
    throw new UsageError('bare programs are a closed loop: give a run without --rate');
  }
  const failures: string[] = [];
  const under = new Map<TruthCase, Repetition[]>(
    truthCases(results, options).map((one) => [one, []]),
  );
  for (let round = 0; round < effort.repetitions; round++) {
    for (const [at, one] of [...under.keys()].entries()) {
      const title = titleOf({ workload: one.workload.name, params: one.params });
      const place = `${at + 1} of ${under.size}, repetition ${round + 1} of ${effort.repetitions}`;
      process.stderr.write(`bare: ${title}, ${place}\n`);
      const each = { ...effort, warmMs: warmMs ?? WARM_MS[one.workload.kind] };
      try {
        under.get(one)?.push(await repetition(one, each, results.seed, round, signal));
      } catch (error) {
        signal.throwIfAborted();
        failures.push(`${title}: ${(error as Error).message}`);
        under.delete(one);
      }
    }
  }
  const cases = [...under].map(([one, repetitions]) => ({ ...one, repetitions }));
  return { results, cases, failures };
}

/** The cells of a run that are of our workloads and policies, and chosen. The reference always is. */
export function cellsOf(
  { cells, reference }: Results,
  { workloads, policies }: Pick<Options, 'workloads' | 'policies'>,
): Results['cells'] {
  const wanted = (name: string): boolean =>
    policyNames.includes(name) &&
    (policies === null || name === reference || policies.includes(name));
  return cells.filter(
    ({ workload, contestant }) =>
      workloadOf(workload) !== undefined &&
      (workloads?.includes(workload) ?? true) &&
      wanted(contestant.policy),
  );
}

function workloadOf(wanted: string): Workload | undefined {
  return allWorkloads.find(({ name }) => name === wanted);
}

/** The cases of those cells, each with the policies whose cells have numbers. */
function truthCases(results: Results, options: Options): TruthCase[] {
  return casesOf({ ...results, cells: cellsOf(results, options) }).flatMap(({ cells }) => {
    const measured = cells.filter(({ status }) => status === 'ok');
    const [first] = measured;
    const workload = workloadOf(first?.workload ?? '');
    if (first === undefined || workload === undefined) return [];
    const policies = measured.map(({ contestant }) => contestant.policy);
    const digest = hasDigestOfRun(workload.name) ? first.digest : null;
    return [{ workload, params: first.params, policies, digest }];
  });
}
