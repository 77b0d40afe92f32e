/** The command line of `npm run bench:truth`. */
import { parseArgs } from 'node:util';
import { policyNames } from '../../src/policies/registry.js';
import { UsageError, chosen } from '../../src/text/usage.js';
import type { Workload } from '../../src/workload/workload.js';
import { loadWorkloads } from '../../src/workloads/registry.js';
import type { Effort } from './measure.js';

const allWorkloads = await loadWorkloads();

export interface Options {
  readonly results: string | null;
  readonly near: boolean;
  readonly json: boolean;
  /** Names; null for all of the standard set. */
  readonly workloads: readonly string[] | null;
  readonly policies: readonly string[] | null;
  /** The workloads that are chosen. */
  readonly all: readonly Workload[];
  readonly effort: Omit<Effort, 'warmMs'>;
  /** Ms; null for what suits the kind. */
  readonly warmMs: number | null;
}

export function optionsOf(args: readonly string[]): Options {
  const { values } = parse(args);
  const workloads = namesOf(values.workload);
  const policies = namesOf(values.policy);
  if (policies !== null)
    chosen(
      policyNames.map((name) => ({ name })),
      'policy',
      policies,
    );
  const number = (name: string, text: string | undefined, usual: number): number => {
    const value = text === undefined ? usual : Number(text);
    if (Number.isSafeInteger(value) && value >= 1) return value;
    throw new UsageError(`--${name} takes a whole number from 1, but got '${text}'`);
  };
  if (values.near && values.results !== undefined) {
    throw new UsageError('--near starts runs of its own: leave out --results');
  }
  return {
    results: values.results ?? null,
    near: values.near,
    json: values.json,
    workloads,
    policies,
    all:
      workloads === null
        ? allWorkloads.filter(({ onRequest }) => onRequest !== true)
        : chosen(allWorkloads, 'workload', workloads),
    effort: {
      repetitions: number('repetitions', values.repetitions, values.quick ? 1 : 2),
      turns: number('turns', values.turns, 12),
      turnMs: number('turn-ms', values['turn-ms'], 250),
    },
    warmMs: values['warm-up'] === undefined ? null : number('warm-up', values['warm-up'], 1),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        results: { type: 'string' },
        near: { type: 'boolean', default: false },
        workload: { type: 'string' },
        policy: { type: 'string' },
        repetitions: { type: 'string' },
        quick: { type: 'boolean', default: false },
        turns: { type: 'string' },
        'turn-ms': { type: 'string' },
        'warm-up': { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function namesOf(text: string | undefined): string[] | null {
  return text?.split(',').map((name) => name.trim()) ?? null;
}
