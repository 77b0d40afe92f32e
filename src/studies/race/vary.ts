/**
 * What is swapped under a program: `--vary runtime=node@22,bun --vary tree=main,.`. Every combination is a variant; the
 * first one is the reference.
 */
import { hint } from '../../text/hint.js';
import { UsageError } from '../../text/usage.js';

export const KEYS = [
  'runtime',
  'node-flags',
  'env',
  'where',
  'policy',
  'crossing',
  'tree',
] as const;
export type Key = (typeof KEYS)[number];

export interface Variation {
  readonly key: Key;
  readonly values: readonly string[];
}

export interface Variant {
  /** Unique, such as `bun · main`. */
  readonly name: string;
  readonly of: Readonly<Partial<Record<Key, string>>>;
}

/** How an empty value is called. */
const NOTHING: Readonly<Partial<Record<Key, string>>> = {
  'node-flags': 'no flags',
  env: 'environment as it is',
};

export function variationsOf(given: readonly string[]): Variation[] {
  const variations = given.map(variationOf);
  for (const [at, { key }] of variations.entries()) {
    if (variations.findIndex((each) => each.key === key) < at) {
      throw new UsageError(`--vary ${key}=… is given twice: list its values with commas`);
    }
  }
  const keys = variations.map(({ key }) => key);
  if (keys.includes('where') && keys.includes('policy')) {
    throw new UsageError('where and policy both say which loop runs the function: vary one');
  }
  if (keys.includes('crossing') && keys.includes('policy')) {
    throw new UsageError(
      'crossing is how inputs reach a thread: beside it, vary where=workers:2 and not policy',
    );
  }
  if (variations.reduce((product, { values }) => product * values.length, 1) < 2) {
    throw new UsageError(
      'a race needs two variants: --vary runtime=node@22,node@26, or another of ' + KEYS.join(', '),
    );
  }
  return variations;
}

function variationOf(text: string): Variation {
  const [, name = '', list] = /^([^=]*)=(.*)$/s.exec(text) ?? [text, text];
  const key = KEYS.find((each) => each === name.trim());
  if (key === undefined) throw new UsageError(`unknown --vary key '${name}'${hint(name, KEYS)}`);
  if (list === undefined) {
    throw new UsageError(`--vary takes key=a,b, such as runtime=node@22,bun, but got '${text}'`);
  }
  const values = list.split(',').map((value) => value.trim());
  if (values.includes('') && NOTHING[key] === undefined) {
    throw new UsageError(`--vary ${text} has an empty value: ${key} has none that is called ''`);
  }
  return { key, values };
}

/** Every combination, the last key changing first. One that is there twice is told apart by a number. */
export function variantsOf(variations: readonly Variation[]): Variant[] {
  const combined = variations.reduce<Omit<Variant, 'name'>[]>(
    (all, { key, values }) =>
      all.flatMap(({ of }) => values.map((value) => ({ of: { ...of, [key]: value } }))),
    [{ of: {} }],
  );
  const varied = variations.filter(({ values }) => values.length > 1);
  const seen = new Map<string, number>();
  return combined.map(({ of }) => {
    const name = varied.map(({ key }) => of[key] || (NOTHING[key] ?? '')).join(' · ');
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return { name: times === 1 ? name : `${name} (${times})`, of };
  });
}
