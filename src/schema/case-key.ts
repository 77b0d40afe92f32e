import type { Cell } from './results.js';

/** The same for the same workload and parameters, in whatever order they come. */
export function caseKey({ workload, params }: Pick<Cell, 'workload' | 'params'>): string {
  const names = Object.keys(params).toSorted();
  return JSON.stringify([workload, names.map((name) => [name, params[name]])]);
}
