import { describe, expect, it } from 'vitest';
import { catalogueWith } from '#dist/src/catalogue/catalogue.js';
import type { Arena } from '#dist/src/studies/gate/arena.js';
import type { Build } from '#dist/src/studies/gate/build.js';
import { gateCells } from '#dist/src/studies/gate/cells.js';
import { usualChoice } from '#dist/src/studies/gate/choice.js';

const catalogue = await catalogueWith({});
const build = { catalogue, entry: new URL('file:///main.js'), config: null } as unknown as Build;
const arena = { placed: (at: string) => at } as Arena;

describe('the cells of a gate', () => {
  it('are four policies on three workloads, but for a pool that has no job in one', () => {
    const { cells, oneSided } = gateCells(build, build, usualChoice(catalogue), arena);
    expect(cells.map(({ name }) => name)).toEqual([
      'microtask · primes',
      'queue · primes',
      'uv · primes',
      'workers · primes',
      'microtask · echo, 1 KiB',
      'queue · echo, 1 KiB',
      'uv · echo, 1 KiB',
      'microtask · deferred',
      'queue · deferred',
      'uv · deferred',
      'workers · deferred',
    ]);
    expect(oneSided).toEqual([]);
  });

  it('compare CPU time where a pool works or all is computing, else the time of samples', () => {
    const { cells } = gateCells(build, build, usualChoice(catalogue), arena);
    const linux = process.platform === 'linux';
    expect(Object.fromEntries(cells.map(({ name, quantity }) => [name, quantity]))).toMatchObject({
      'queue · primes': linux ? 'cpu' : 'fast',
      'workers · deferred': linux ? 'cpu' : 'fast',
      'uv · echo, 1 KiB': 'typical',
      'uv · deferred': 'fast',
    });
  });

  it('are all that was asked for', () => {
    const echo = catalogue.workloads.find(({ name }) => name === 'echo')!;
    const cases = [{ workload: echo, params: echo.cases[0]! }];
    const asked = { policies: ['workers'], cases, idlePools: true };
    expect(gateCells(build, build, asked, arena).cells).toHaveLength(1);
  });
});
