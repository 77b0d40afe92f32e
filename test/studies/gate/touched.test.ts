import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { touchedBy, touchedInProject } from '#dist/src/studies/gate/touched.js';

const dist = fileURLToPath(new URL('../../../dist/', import.meta.url));

/** The source files of all that a contestant of any policy and workload may load. */
function loadedByContestants(): string[] {
  const seen = new Set<string>();
  const walk = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    const text = readFileSync(dist + file, 'utf8');
    for (const [, found] of text.matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)) {
      walk(new URL(found as string, `file:///${file}`).pathname.slice(1));
    }
  };
  walk('src/contestant/main.js');
  for (const folder of ['src/workloads/cpu', 'src/workloads/io', 'src/workloads/mixed']) {
    for (const name of readdirSync(dist + folder)) {
      if (name.endsWith('.js')) walk(`${folder}/${name}`);
    }
  }
  return [...seen].map((file) => file.replace(/js$/, 'ts'));
}

describe('touchedBy', () => {
  it('takes no file for harmless that a contestant loads', () => {
    const files = loadedByContestants();
    expect(files.length).toBeGreaterThan(80);
    const harmless = files.filter((file) => {
      const { policies, workloads } = touchedBy([file]);
      return policies?.size === 0 && workloads?.size === 0;
    });
    expect(harmless).toEqual([]);
  });

  it('gates nothing for pages, tests and what the parent alone runs', () => {
    const { policies, workloads } = touchedBy([
      'README.md',
      'docs/pool.md',
      'test/harness/faults.test.ts',
      'src/report/console.ts',
      'src/studies/gate/verdict.ts',
      '.ci/run',
      '.prettierrc.json',
      'bench/accepted.json',
      'bench/examples/08-copy-site.ts',
      'bench/peers/go/main.go',
    ]);
    expect([policies?.size, workloads?.size]).toEqual([0, 0]);
  });

  it('gates a policy by all workloads, and a workload under all policies', () => {
    expect(touchedBy(['src/policies/queue/index.ts', 'README.md'])).toMatchObject({
      policies: new Set(['queue']),
      workloads: null,
    });
    expect(touchedBy(['native/src/loop.cc']).policies).toEqual(new Set(['uv']));
    expect(touchedBy(['src/workloads/io/echo.ts'])).toMatchObject({
      policies: null,
      workloads: new Set(['echo']),
    });
  });

  it('counts the inner loop of a worker as the worker', () => {
    const { policies } = touchedBy(['src/policies/microtask/index.ts']);
    expect(policies).toEqual(new Set(['microtask', 'workers', 'processes']));
  });

  it.each([
    'src/loop/scheduler.ts',
    'src/policies/host/io.ts',
    'src/contestant/samples.ts',
    'src/stats/histogram.ts',
    'src/workloads/site/pages.ts',
    'package-lock.json',
    'tsconfig.json',
    'something/new.ts',
  ])('gates everything for %s', (file) => {
    expect(touchedBy(['README.md', file])).toMatchObject({ policies: null, workloads: null });
  });

  it('gates everything when policies and workloads have changed', () => {
    const files = ['src/policies/queue/index.ts', 'src/workloads/cpu/json.ts'];
    expect(touchedBy(files)).toMatchObject({ policies: null, workloads: null });
  });
});

describe('touchedInProject', () => {
  it('gates everything for any file: a workload may read it', () => {
    expect(touchedInProject(['docs/odd\n"name"'])).toEqual({
      policies: null,
      workloads: null,
      what: String.raw`everything, or may do ("docs/odd\n\"name\"")`,
    });
    expect(touchedInProject([]).policies?.size).toBe(0);
  });
});
