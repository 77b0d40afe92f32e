import { describe, expect, it } from 'vitest';
import { grown, ownTimes, type OwnTimes } from '#dist/src/studies/gate/culprit.js';

const times = (of: Record<string, number>): OwnTimes => new Map(Object.entries(of));

describe('the functions that grew', () => {
  it('are told largest first, by the means of both processes', () => {
    const base = [times({ a: 10, b: 5, c: 3 }), times({ a: 11, b: 5.2, c: 3.1 })];
    const head = [times({ a: 10.5, b: 9, c: 4.5 }), times({ a: 11.5, b: 9.4, c: 4.2 })];
    const found = grown({ base, head });
    expect(found.map(({ name }) => name)).toEqual(['b', 'c']);
    expect(found[0]?.baseUs).toBeCloseTo(5.1);
    expect(found[0]?.headUs).toBeCloseTo(9.2);
  });

  it('may be new ones', () => {
    const found = grown({ base: [times({ a: 1 })], head: [times({ a: 1, fresh: 2 })] });
    expect(found).toEqual([{ name: 'fresh', baseUs: 0, headUs: 2 }]);
  });

  it('are three at most, each a tenth of the growth', () => {
    const base = [times({})];
    const head = [times({ a: 50, b: 20, c: 15, d: 14, e: 1 })];
    expect(grown({ base, head }).map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    const one = grown({ base, head: [times({ a: 100, b: 1 })] });
    expect(one.map(({ name }) => name)).toEqual(['a']);
  });
});

describe('a profile', () => {
  const frame = (functionName: string, url = '', lineNumber = 0) => ({
    callFrame: { functionName, url, lineNumber },
  });
  const url = 'file:///arena/a/dist/src/loop/task.js';

  it("gives each function its own time per job, named below its side's folder", () => {
    const found = ownTimes(
      {
        nodes: [
          { id: 1, ...frame('(root)') },
          { id: 2, ...frame('step', url, 12) },
          { id: 3, ...frame('', url, 40) },
          { id: 4, ...frame('(garbage collector)') },
          { id: 5, ...frame('(idle)') },
          { id: 6, ...frame('step', url, 12) },
          { id: 7, ...frame('sample', 'file:///arena/node_modules/tinybench/dist/index.js', 1) },
          { id: 8, ...frame('slice', 'file:///arena/a/dist/src/contestant/main.js', 1) },
        ],
        samples: [2, 2, 3, 4, 5, 6, 7, 8],
        timeDeltas: [100, 100, 50, 30, 500, 100, 70, 70],
      },
      { jobs: 10, root: '/arena/a' },
    );
    expect(Object.fromEntries(found)).toEqual({
      'step (dist/src/loop/task.js)': 30,
      'line 41 (dist/src/loop/task.js)': 5,
      '(garbage collector)': 3,
    });
  });
});
