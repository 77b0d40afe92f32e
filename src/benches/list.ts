/**
 * The benchmarks of a file that is written for another tool. The tool's package is replaced by one of the files beside
 * this one, which only notes what would be run: see `studies/race/bench-files.ts`.
 */
export interface Listed {
  /** With the names of its groups: `parse > large`. */
  readonly name: string;
  readonly run: () => unknown;
  /** Once, before it is run for the first time. */
  readonly before: readonly (() => unknown)[];
  /** What it needs that cannot be carried over; null if nothing. */
  readonly cannot: string | null;
  /** Operations in a run: 1, unless it says so when it is run. */
  operations: number;
}

/** Each bundle has a copy of this module: the list is that of the process. */
const LIST = Symbol.for('loopdyno.benches');

export function listed(): Listed[] {
  const all = globalThis as { [LIST]?: Listed[] };
  return (all[LIST] ??= []);
}

export function list(
  groups: readonly string[],
  name: unknown,
  run: unknown,
  { before = [], cannot = null }: Partial<Pick<Listed, 'before' | 'cannot'>> = {},
): Listed | null {
  const title = [...groups, String(typeof name === 'function' ? name.name : name)].join(' > ');
  if (typeof run !== 'function') return null; // one that is still to be written
  const same = listed().filter((each) => each.name.replace(/ \(\d+\)$/, '') === title).length;
  const entry: Listed = {
    name: same === 0 ? title : `${title} (${same + 1})`,
    run: run as () => unknown,
    before,
    cannot,
    operations: 1,
  };
  listed().push(entry);
  return entry;
}

/** Functions of these names among the options, which cannot be carried over. */
export function hooksIn(options: object, names: readonly string[]): string | null {
  const given = names.filter(
    (name) => typeof (options as Record<string, unknown>)[name] === 'function',
  );
  return given.length === 0 ? null : given.join(', ');
}

/**
 * In the place of results, which a file shows when all is done: it has any property, may be called, and counts as no
 * number.
 */
export const nothingMeasured: unknown = new Proxy(() => {}, {
  get: (_, key) => {
    if (key === Symbol.toPrimitive) return () => NaN;
    if (key === Symbol.iterator) return [][Symbol.iterator].bind([]);
    // Not to be waited for, nor unlike an object where it is printed.
    return key === 'then' || typeof key === 'symbol' ? undefined : nothingMeasured;
  },
  apply: () => nothingMeasured,
});
