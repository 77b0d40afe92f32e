import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { resultsJsonSchema } from '#dist/src/documents/json-schema.js';
import { parseResults } from '#dist/src/documents/parse-results.js';
import { serializeResults } from '#dist/src/documents/serialize-results.js';
import type { Results } from '#dist/src/documents/results.js';
import { judged } from '#dist/src/analysis/verdicts.js';
import { compareResults } from '#dist/src/studies/compare/compare.js';
import { renderConsole } from '#dist/src/report/console.js';
import { renderHtml } from '#dist/src/report/html/page.js';
import { renderLlm } from '#dist/src/report/llm.js';
import { renderMarkdown } from '#dist/src/report/markdown.js';
import { wholeOf } from '#dist/src/studies/merge/whole.js';
import type { SavedRun } from '#dist/src/studies/merge/agree.js';
import { expectClose } from '../../stats/close.js';
import { cellOf, hostRun, shardRun } from './hosts.js';

const five = [1, 2, 3, 4, 5].map((number) => hostRun(number, 0.05));

describe('shards that are put together', () => {
  const merged = wholeOf([shardRun(2, 2), shardRun(1, 2)], [], ['merge', 'a', 'b']);

  it('have every cell of the whole run, in its order, with its raw rounds', () => {
    const { results: whole } = hostRun(1);
    expect(
      merged.cells.map(({ workload, params, contestant }) => [workload, params, contestant]),
    ).toEqual(
      whole.cells.map(({ workload, params, contestant }) => [workload, params, contestant]),
    );
    expect(merged.cells.map(({ rounds }) => rounds)).toEqual(
      whole.cells.map(({ rounds }) => rounds),
    );
    expect(merged.shard).toBeUndefined();
    expect(merged.merged?.runs.map(({ file, shard }) => [file, shard?.index])).toEqual([
      ['shard-2.json', 2],
      ['shard-1.json', 1],
    ]);
  });

  it('have the estimates that a run of all cases has', () => {
    const { results: whole } = hostRun(1);
    for (const of of ['ratio', 'throughput', 'cpuPerJob', 'firstJob'] as const) {
      expect(merged.cells.map((cell) => cell[of])).toEqual(whole.cells.map((cell) => cell[of]));
    }
  });

  it('say that how hosts differ is not known, and no tau', () => {
    const text = renderMarkdown(merged);
    expect(text).toContain('2 runs, taken for as many hosts: 2 of ');
    expect(text).toContain('so that how hosts differ is not known');
    expect(text).not.toContain('hosts differ by');
  });

  it('say which are missing', () => {
    const part = wholeOf([shardRun(1, 3), shardRun(3, 3)], [2], []);
    expect(part.warnings).toEqual([
      { label: 'Not whole', text: 'without the cases of shard 2/3.' },
    ]);
  });
});

describe('runs of the same cases on several hosts', () => {
  const merged = wholeOf(five, [], ['merge']);

  it('have a mean ratio that lies between the hosts, and never a rate or a time', () => {
    for (const cell of merged.cells) {
      expect(cell.throughput).toBeNull();
      expect([cell.cpuPerJob, cell.latency, cell.lag, cell.memory, cell.rounds]).toEqual([
        null,
        null,
        null,
        null,
        [],
      ]);
      if (cell.ratio === null) continue;
      const points = cell.hosts?.each.flatMap(({ ratio }) => (ratio === null ? [] : [ratio.point]));
      expect(cell.ratio.point).toBeGreaterThanOrEqual(Math.min(...(points as number[])) * 0.999);
      expect(cell.ratio.point).toBeLessThanOrEqual(Math.max(...(points as number[])) * 1.001);
    }
  });

  it('are wider than any host says of itself, where hosts differ', () => {
    const { ratio, hosts } = cellOf(merged, 'json', 'uv');
    expect(hosts?.tau?.point).toBeGreaterThan(0.02);
    const width = (high: number | null, low: number | null): number =>
      (high as number) / (low as number);
    for (const each of hosts?.each ?? []) {
      expect(width(ratio?.high ?? null, ratio?.low ?? null)).toBeGreaterThan(
        width(each.ratio?.high ?? null, each.ratio?.low ?? null),
      );
    }
  });

  it('say in one sentence how much hosts differ', () => {
    const line = merged.summary.find(({ label }) => label === 'Hosts');
    expect(line?.text).toMatch(
      /^from host to host a ratio varies by [\d.]+% \(standard deviation beyond the noise of rounds, median of 9\), at most by [\d.]+%: \w+ in .+\.$/,
    );
  });

  it('say so where hosts differ by no more than their rounds, and show no interval of nothing', () => {
    const same = [1, 2, 3].map((number) => hostRun(number));
    const alike = wholeOf(same, [], []);
    expect(alike.summary.at(-1)?.text).toBe(
      'ratios differ from host to host by no more than rounds on one host do.',
    );
    expect(cellOf(alike, 'json', 'uv').hosts?.tau).toEqual({ point: 0, low: 0, high: 0 });
    expect(renderMarkdown(alike)).toMatch(/^\| uv \| [^|]+ \| 0% \| 3 \|$/m);
    const [other] = [
      hostRun(4, 0.1, ({ cells }) =>
        cells.splice(2, cells.length, ...same[0]!.results.cells.slice(2)),
      ),
    ];
    const { summary } = wholeOf([...same, other as SavedRun], [], []);
    expect(summary.at(-1)?.text).toMatch(
      /^in most of 9 cells ratios differ from host to host by no more than rounds do; at most by [\d.]+%: queue in json\.$/,
    );
  });

  it('have the ratio of one host where that alone has a number, and say so', () => {
    const runs = [1, 2, 3].map((number) =>
      hostRun(number, 0.02, (results) => {
        if (number === 1) return;
        Object.assign(cellOf(results, 'json', 'uv'), {
          status: 'unavailable',
          reason: 'no addon',
          digest: null,
          throughput: null,
          ratio: null,
          rounds: [],
        });
      }),
    );
    const one = wholeOf(runs, [], []);
    const { ratio, hosts, status } = cellOf(one, 'json', 'uv');
    expect([status, hosts?.tau]).toEqual(['ok', null]);
    expect(ratio?.point).toBeCloseTo(
      cellOf(runs[0]?.results as Results, 'json', 'uv').ratio?.point as number,
      1,
    );
    expect(one.says.find(({ workload }) => workload === 'json')?.remarks).toEqual([
      'uv has numbers of 1 of 3 hosts, and none of host-2.json (and 1 more): no addon.',
    ]);
  });

  it('have failed where one host failed, and name it', () => {
    const runs = [1, 2, 3].map((number) =>
      hostRun(number, 0.02, (results) => {
        if (number !== 2) return;
        Object.assign(cellOf(results, 'json', 'uv'), {
          status: 'failed',
          reason: 'it exited',
          digest: null,
          throughput: null,
          ratio: null,
        });
      }),
    );
    const { status, reason, ratio, hosts } = cellOf(wholeOf(runs, [], []), 'json', 'uv');
    expect([status, reason, ratio]).toEqual([
      'failed',
      'on 1 of 3 hosts (host-2.json): it exited',
      null,
    ]);
    expect(hosts?.each.map((each) => each.status)).toEqual(['ok', 'failed', 'ok']);
  });

  it('have failed where hosts came to other results', () => {
    const runs = [1, 2].map((number) =>
      hostRun(number, 0.02, (results) => {
        if (number === 2) cellOf(results, 'json', 'queue').digest = 'other';
      }),
    );
    const { status, reason } = cellOf(wholeOf(runs, [], []), 'json', 'queue');
    expect(status).toBe('failed');
    expect(reason).toMatch(
      /^its results differ between hosts: json-\w+ \(host-1\.json\), other \(host-2\.json\)$/,
    );
  });

  it('say what was mixed, and what was not committed', () => {
    const mixed = wholeOf(
      [hostRun(1), hostRun(2, 0, ({ fingerprint }) => (fingerprint.node = '22.1.0'))],
      [],
      [],
    );
    expect(mixed.warnings).toEqual([
      {
        label: 'Mixed',
        text: 'the runs differ in node (20.20.2 / 22.1.0): a difference between hosts may be theirs.',
      },
    ]);
    const dirty = [1, 2].map((number) =>
      hostRun(number, 0, ({ fingerprint }) => (fingerprint.dirty = true)),
    );
    expect(wholeOf(dirty, [], []).warnings.map(({ label }) => label)).toEqual(['Uncommitted']);
  });

  it('have no tau where one round each leaves noise and hosts apart from nothing', () => {
    const runs = [1, 2, 3].map((number) =>
      hostRun(number, 0.02, (results) => {
        for (const cell of results.cells) cell.rounds = cell.rounds.slice(0, 1);
      }),
    );
    const { ratio, hosts } = cellOf(wholeOf(runs, [], []), 'json', 'uv');
    expect(hosts?.tau).toBeNull();
    expect(ratio?.low).toBeLessThan(ratio?.point as number);
  });

  it('read and judged again are the same, and are what the JSON schema says', () => {
    const text = serializeResults(merged);
    expect(serializeResults(judged(parseResults(text, 'merged.json')))).toBe(text);
    const valid = new Ajv2020({ strict: false, validateFormats: false }).compile(resultsJsonSchema);
    expect(valid(JSON.parse(text))).toBe(true);
    expect(valid(JSON.parse(serializeResults(shardRun(1, 2).results)))).toBe(true);
    const broken = JSON.parse(text) as Results;
    Reflect.deleteProperty(broken.cells[0]?.hosts as object, 'each');
    expect(valid(broken)).toBe(false);
  });

  it('have hostile names of files as text', () => {
    const hostile = 'a\u001b[31m|<img src=x>\u202e.json';
    const runs = [1, 2].map((number) =>
      hostRun(number, 0.02, (results) => {
        if (number === 1) return;
        const cell = cellOf(results, 'json', 'uv');
        Object.assign(cell, {
          status: 'failed',
          reason: 'it exited',
          throughput: null,
          ratio: null,
        });
      }),
    );
    const named = wholeOf(
      runs.map(({ results }) => ({ file: hostile, results })),
      [],
      ['merge', hostile],
    );
    const views = [
      renderConsole(named, { color: false, width: 100 }),
      renderMarkdown(named),
      renderLlm(named),
      renderHtml(named),
    ];
    for (const view of views) {
      expect(view).toContain('on 1 of 2 hosts');
      expect(view).not.toMatch(/[^\P{Cc}\n]|\u202e/u);
    }
    expect(renderMarkdown(named)).not.toContain('<img');
    expect(parseHTML(renderHtml(named)).document.querySelectorAll('img')).toHaveLength(0);
  });

  it('have a ratio, tau and hosts in every view, and no column without a number', () => {
    const console = renderConsole(merged, { color: false, width: 120 });
    expect(console).toMatch(/vs microtask +95% interval +hosts differ by +95% interval +hosts$/m);
    expect(console).not.toContain('jobs/s');
    expect(renderMarkdown(merged)).toContain('| policy | vs microtask | hosts differ by | hosts |');
    expect(renderLlm(merged)).toContain(
      'rows: contestant | verdict | vs microtask | hosts differ by',
    );
    const page = renderHtml(merged);
    expect(page).toContain('Rate beside microtask');
    expect(page).toContain('a dot is a host');
    expect(page).not.toContain('Jobs a second');
  });

  it('are not compared with another run', () => {
    const { cells } = compareResults(merged, merged);
    expect(new Set(cells.map(({ problem }) => problem))).toEqual(
      new Set(['a mean over hosts: compare the runs that were merged']),
    );
  });
});

describe('the order of runs', () => {
  const orders = (count: number): fc.Arbitrary<number[]> => {
    const all = Array.from({ length: count }, (_, at) => at);
    return fc.shuffledSubarray(all, { minLength: count });
  };

  it('does not change what shards are together', () => {
    const shards = [1, 2, 3, 4].map((index) => shardRun(index, 4));
    const { cells, noise } = wholeOf(shards, [], []);
    fc.assert(
      fc.property(orders(4), (order) => {
        const other = wholeOf(
          order.map((at) => shards[at] as SavedRun),
          [],
          [],
        );
        expect(other.cells).toEqual(cells);
        expect(other.noise).toEqual(noise);
      }),
      { numRuns: 10 },
    );
  });

  it('does not change a mean over hosts', () => {
    const means = wholeOf(five, [], []).cells.map(({ ratio }) => ratio?.point);
    fc.assert(
      fc.property(orders(5), (order) => {
        const other = wholeOf(
          order.map((at) => five[at] as SavedRun),
          [],
          [],
        );
        for (const [at, { ratio }] of other.cells.entries()) {
          if (ratio !== null) expectClose(ratio.point, means[at] as number, 1e-9);
        }
        expect(other.cells).toHaveLength(means.length);
      }),
      { numRuns: 10 },
    );
  });
});

describe('shards of which one was measured on several hosts', () => {
  it('have means, and say of the other cases that they are of one host', () => {
    const again = {
      ...shardRun(2, 2, (r) => (r.startedAt = '2026-11-24T00:00:00Z')),
      file: 'again',
    };
    const merged = wholeOf([shardRun(1, 2), shardRun(2, 2), again], [], []);
    expect(merged.says.map(({ workload, remarks }) => [workload, remarks.length])).toEqual([
      ['json', 1],
      ['echo', 0],
      ['echo', 1],
      ['pipeline', 0],
    ]);
    expect(merged.says[0]?.remarks[0]).toMatch(/^Measured on one host/);
    expect(cellOf(merged, 'pipeline', 'queue').hosts?.each).toHaveLength(2);
  });
});
