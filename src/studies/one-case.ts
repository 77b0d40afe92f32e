/** One workload with parameters chosen by the user, for the commands that measure one workload. */
import type { Project } from '../catalogue/project.js';
import type { Plan } from '../harness/plan.js';
import { hint } from '../text/hint.js';
import type { Params, Workload } from '../workload/workload.js';
import { planRun, type PlanFlags } from './plan.js';
import { UsageError, named } from '../text/usage.js';

export interface CaseFlags extends PlanFlags {
  /** `name=number`; replaces parameters of the workload's first case. */
  set?: string[];
}

/** Flags that the commands for one workload share. */
export interface MeasureFlags extends CaseFlags {
  json?: boolean;
  config?: string;
  results?: string;
}

export interface CasePlan {
  /** Its cases are the workload's own; the commands replace them. */
  readonly plan: Plan;
  readonly workload: Workload;
  readonly params: Params;
}

export function casePlanOf(project: Project, name: string, flags: CaseFlags): CasePlan {
  const workload = named(project.workloads, 'workload', name);
  const params = { ...workload.cases[0], ...settingsOf(workload, flags.set ?? []) };
  return { plan: planRun(project, { ...flags, workload: [name] }), workload, params };
}

/** The parameters that the workload declares as sweepable, and the numbers of its first case. */
export function parametersOf({ cases, parameters = {} }: Workload): string[] {
  const numbers = Object.entries(cases[0] ?? {})
    .filter(([, value]) => typeof value === 'number')
    .map(([name]) => name);
  return [...new Set([...Object.keys(parameters), ...numbers])];
}

export function checkParameter(workload: Workload, name: string): void {
  const known = parametersOf(workload);
  if (known.includes(name)) return;
  throw new UsageError(
    known.length === 0
      ? `workload '${workload.name}' has no number to vary: try spin`
      : `workload '${workload.name}' has no parameter '${name}'${hint(name, known)}`,
  );
}

function settingsOf(workload: Workload, given: readonly string[]): Params {
  return Object.fromEntries(
    given.map((text) => {
      const [, name, value] = /^([^=]+)=(.*)$/.exec(text) ?? [];
      const number = Number(value);
      if (name === undefined || value === '' || !Number.isFinite(number)) {
        throw new UsageError(`--set takes name=number, such as concurrency=16, but got '${text}'`);
      }
      checkParameter(workload, name);
      return [name, number];
    }),
  );
}
