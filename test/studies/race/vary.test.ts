import { availableParallelism } from 'node:os';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { settingsOf } from '#dist/src/studies/race/sides.js';
import { variantsOf, variationsOf } from '#dist/src/studies/race/vary.js';

const variants = (...given: string[]) => variantsOf(variationsOf(given));

describe('the variants of a race', () => {
  it('are the values of one key, the first of which is the reference', () => {
    expect(variants('runtime=node@22,bun')).toEqual([
      { name: 'node@22', of: { runtime: 'node@22' } },
      { name: 'bun', of: { runtime: 'bun' } },
    ]);
  });

  it('are a matrix of two keys, the last of which changes first', () => {
    expect(variants('runtime=node@22,bun', 'tree=main,.').map(({ name }) => name)).toEqual([
      'node@22 · main',
      'node@22 · .',
      'bun · main',
      'bun · .',
    ]);
  });

  it('are not named by a key that has one value', () => {
    expect(variants('runtime=bun', 'tree=main,.').map(({ name }) => name)).toEqual(['main', '.']);
  });

  it('are told apart where the same value is there twice', () => {
    expect(variants('tree=main,main').map(({ name }) => name)).toEqual(['main', 'main (2)']);
  });

  it('may have no flags, which has a name', () => {
    const [plain, flagged] = variants('node-flags=,--jitless --no-opt').map(settingsOf);
    expect(plain).toMatchObject({ name: 'no flags', nodeFlags: [] });
    expect(flagged).toMatchObject({ nodeFlags: ['--jitless', '--no-opt'] });
  });

  it('may have several variables, with spaces in their values', () => {
    const [, set] = variants('env=,A=1 2 B=x').map(settingsOf);
    expect(set).toMatchObject({ env: { A: '1 2', B: 'x' } });
  });

  it('are all there, each under a name of its own', () => {
    const value = fc.constantFrom('main', '.', 'HEAD~1', 'v1');
    const values = fc.array(value, { minLength: 2, maxLength: 4 });
    fc.assert(
      fc.property(values, values, (trees, flags) => {
        const all = variants(
          `tree=${trees.join(',')}`,
          `env=${flags.map((v) => `A=${v}`).join(',')}`,
        );
        expect(all).toHaveLength(trees.length * flags.length);
        expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
      }),
    );
  });

  it('may be ways to hand inputs over, to as many threads as there are cores', () => {
    const [clone, moved] = variants('crossing=clone,transfer').map(settingsOf);
    const policy = `workers:${availableParallelism()}`;
    expect(clone).toMatchObject({ name: 'clone', loop: { policy, crossing: 'clone' } });
    expect(moved).toMatchObject({ name: 'transfer', loop: { policy, crossing: 'transfer' } });
    const [first] = variants('crossing=shared', 'where=workers:3,workers:4').map(settingsOf);
    expect(first).toMatchObject({
      name: 'workers:3',
      loop: { policy: 'workers:3', crossing: 'shared' },
    });
  });

  it.each([
    ['runtim=node@22,bun', /unknown --vary key 'runtim': did you mean 'runtime'/],
    ['runtime', /--vary takes key=a,b.*but got 'runtime'/],
    ['runtime=bun', /a race needs two variants/],
    ['tree=main,', /has an empty value/],
  ])('are refused where %s is given', (given, message) => {
    expect(() => variants(given)).toThrow(message);
  });

  it.each([
    ['where=inline,threads:2', /where takes inline, workers:2 or processes:2, but got 'threads:2'/],
    ['policy=queue,microtas', /unknown policy 'microtas': did you mean 'microtask'/],
    ['env=,NODE_ENV', /takes NAME=value.*but got 'NODE_ENV'/],
    ['runtime=nod,bun', /unknown runtime 'nod'/],
    ['crossing=clone,transfr', /unknown crossing 'transfr': did you mean 'transfer'/],
  ])('cannot be %s', (given, message) => {
    expect(() => variants(given).map(settingsOf)).toThrow(message);
  });

  it('do not say twice which loop runs a function', () => {
    expect(() => variants('where=inline,workers:1', 'policy=queue')).toThrow(/vary one/);
    expect(() => variants('tree=main,.', 'tree=a,b')).toThrow(/given twice/);
    expect(() => variants('crossing=clone,shared', 'policy=workers')).toThrow(/where=workers:2/);
    expect(() => variants('where=inline,workers:1', 'crossing=shared').map(settingsOf)).toThrow(
      /inline has none: name pools alone/,
    );
  });
});
