/** The cells of a run or a comparison, grouped by case, as they are compared and read. */
import type { Cell, Results, Says } from './results.js';
import { formatParams } from '../text/format.js';

export interface CaseGroup<Row = Cell> {
  /** For example `echo, 1 KiB`. It contains names that others chose: a reporter must clean it. */
  title: string;
  kind: Cell['kind'];
  /** The cells, in the order of the run. */
  cells: Row[];
}

export function casesOf<Row extends Pick<Cell, 'workload' | 'params' | 'kind'>>({
  cells,
}: {
  readonly cells: readonly Row[];
}): CaseGroup<Row>[] {
  const groups = new Map<string, CaseGroup<Row>>();
  for (const cell of cells) {
    const key = caseKey(cell);
    const group = groups.get(key);
    if (group !== undefined) group.cells.push(cell);
    else groups.set(key, { title: titleOf(cell), kind: cell.kind, cells: [cell] });
  }
  return [...groups.values()];
}

/** What the run says about a case. */
export function saysOf(
  { says }: Results,
  { cells: [cell] }: CaseGroup,
): Omit<Says, 'workload' | 'params'> {
  const found = cell && says.find((each) => caseKey(each) === caseKey(cell));
  return found ?? { sentence: '', remarks: [], moreMs: 0 };
}

export function titleOf({ workload, params }: Pick<Cell, 'workload' | 'params'>): string {
  return [workload, formatParams(params)].filter((part) => part !== '').join(', ');
}

/** The text shown instead of numbers: a failed cell never shows a number, whatever it holds. */
export function outcomeOf({ status, reason, throughput, ratio, hosts }: Cell): string | null {
  // A mean over hosts is a ratio alone.
  const told = throughput !== null || (hosts !== undefined && ratio !== null);
  if (status === 'ok' && !told) return 'no numbers';
  if (status === 'ok' || (status === 'aborted' && throughput !== null)) return null;
  return reason === null ? status : `${status}: ${reason}`;
}

/** A key that is equal for the same workload and parameters, in whatever order they come. */
export function caseKey({ workload, params }: Pick<Cell, 'workload' | 'params'>): string {
  const names = Object.keys(params).toSorted();
  return JSON.stringify([workload, names.map((name) => [name, params[name]])]);
}
