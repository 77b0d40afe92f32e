/** Bare programs for the cells of a run: all cases once, then all again, so that a slow spell touches each a little. */
import { casesOf, titleOf } from '../../src/documents/cases.js';
import type { Results } from '../../src/documents/results.js';
import { policyNames } from '../../src/policies/registry.js';
import { UsageError } from '../../src/text/usage.js';
import type { Kind } from '../../src/workload/workload.js';
import { loadWorkloads } from '../../src/workloads/registry.js';
import type { MeasuredCase } from './estimates.js';
import { repetition, type Repetition, type TruthCase } from './measure.js';
import type { Options } from './options.js';

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

/** The cases of a run that are ours and chosen, each with the policies whose cells have numbers. */
function truthCases(results: Results, { workloads, policies }: Options): TruthCase[] {
  return casesOf(results).flatMap(({ cells }) => {
    const names = cells
      .filter(({ status }) => status === 'ok')
      .map(({ contestant }) => contestant.policy)
      .filter((name) => policies?.includes(name) ?? policyNames.includes(name));
    const [first] = cells;
    const workload = allWorkloads.find(({ name }) => name === first?.workload);
    const wanted = workload !== undefined && (workloads?.includes(workload.name) ?? true);
    if (!wanted || first === undefined || names.length === 0) return [];
    return [{ workload, params: first.params, policies: names }];
  });
}
