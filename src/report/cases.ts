/** The cells of a run by case, which is how they are compared and read. */
import { caseKey } from '../schema/case-key.js';
import type { Cell, Results } from '../schema/results.js';
import { formatParams } from './format.js';

export interface CaseGroup {
  /** Such as `echo, 1 KiB`. Made of names that others chose: a reporter must clean it. */
  title: string;
  kind: Cell['kind'];
  /** In the order of the run. */
  cells: Cell[];
}

export function casesOf({ cells }: Results): CaseGroup[] {
  const groups = new Map<string, CaseGroup>();
  for (const cell of cells) {
    const { workload, params, kind } = cell;
    const key = caseKey(cell);
    const group = groups.get(key);
    if (group !== undefined) group.cells.push(cell);
    else {
      const title = [workload, formatParams(params)].filter((part) => part !== '').join(', ');
      groups.set(key, { title, kind, cells: [cell] });
    }
  }
  return [...groups.values()];
}

/** What stands in the place of numbers: a failed cell is never a number, whatever it holds. */
export function outcomeOf({ status, reason, throughput }: Cell): string | null {
  if (status === 'ok' && throughput === null) return 'no numbers';
  if (status === 'ok' || (status === 'aborted' && throughput !== null)) return null;
  return reason === null ? status : `${status}: ${reason}`;
}
