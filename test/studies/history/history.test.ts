import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseHTML } from 'linkedom';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serializeResults } from '#dist/src/documents/serialize-results.js';
import type { Results } from '#dist/src/documents/results.js';
import { renderHistoryHtml } from '#dist/src/studies/history/html.js';
import { renderHistoryConsole, renderHistoryMarkdown } from '#dist/src/studies/history/render.js';
import { historyOf, type SavedRun } from '#dist/src/studies/history/series.js';
import { wholeOf } from '#dist/src/studies/merge/whole.js';
import { loopdyno } from '../../e2e/command.js';
import { goldenResults } from '../../golden/golden.js';

/** A run of a day in November, in which uv's ratio in `echo` is multiplied. */
function runOf(day: number, factor = 1, changes: Partial<Results> = {}): SavedRun {
  const results = goldenResults();
  results.startedAt = `2026-11-${String(day).padStart(2, '0')}T10:00:00.000Z`;
  results.fingerprint.commit = String(day).padStart(2, '0').repeat(20);
  for (const { ratio, workload, contestant } of results.cells) {
    if (ratio === null || workload !== 'echo' || contestant.policy !== 'uv') continue;
    ratio.point *= factor;
    if (ratio.low !== null) ratio.low *= factor;
    if (ratio.high !== null) ratio.high *= factor;
  }
  return { file: `runs/${day}/results.json`, results: { ...results, ...changes } };
}

const slower = [runOf(1), runOf(3, 0.7), runOf(2), runOf(5, 0.7), runOf(4, 0.7)];

describe('a history of runs', () => {
  it('orders runs by time, and names the run from which on a ratio is another one', () => {
    const history = historyOf(slower);
    expect(history.runs.map(({ startedAt }) => startedAt.slice(8, 10))).toEqual([
      '01',
      '02',
      '03',
      '04',
      '05',
    ]);
    const changed = history.series.filter(({ changes }) => changes.length > 0);
    expect(changed.map(({ workload, policy }) => `${workload} ${policy}`)).toEqual(['echo uv']);
    expect(changed[0]?.changes).toEqual([{ run: 2, factor: expect.closeTo(0.7, 6) }]);
    expect(changed[0]?.says).toBe('slower by 30.0% from 0303030 (2026-11-03) on');
    expect(history.series.every(({ points }) => points.length === 5)).toBe(true);
    expect(history.series.some(({ policy }) => policy === history.reference)).toBe(false);
  });

  it('says of fewer than four runs that they are too few', () => {
    const { series } = historyOf(slower.slice(0, 3));
    expect(series.map(({ says }) => says)).toEqual(
      series.map(() => 'too few runs to tell a change'),
    );
  });

  it('leaves out, by name, what has another reference or did other work', () => {
    const other = runOf(6);
    for (const cell of other.results.cells) if (cell.workload === 'json') cell.digest = 'another';
    const history = historyOf([runOf(1), runOf(2, 1, { reference: 'queue' }), runOf(3), other]);
    expect(history.leftOut).toEqual([
      { what: 'runs/2/results.json', reason: 'its ratios are to queue, not microtask' },
      { what: 'json of runs/1/results.json', reason: 'it did other work than in the latest run' },
      { what: 'json of runs/3/results.json', reason: 'it did other work than in the latest run' },
    ]);
    expect(history.series.find(({ workload }) => workload === 'json')?.points).toHaveLength(1);
  });

  it('counts runs that were merged once, as the merged run', () => {
    const parts = [runOf(1, 0.9), runOf(2, 1.1)];
    const merged = { file: 'merged', results: wholeOf(parts, [], []) };
    const { runs, leftOut } = historyOf([...parts, merged, runOf(3)]);
    expect(runs.map(({ file }) => file)).toEqual(['merged', 'runs/3/results.json']);
    const reason = 'it is part of a run that was merged';
    expect(leftOut).toEqual(parts.map(({ file }) => ({ what: file, reason })));
  });

  it('of anchored races is of ratios to one build, on whatever machine they were', () => {
    /** On a machine of another speed, both builds are as much slower. */
    const raceOf = (day: number, { anchor = 'a', speed = 1, factor = 1 } = {}): SavedRun => {
      const race = {
        subject: 'f',
        kind: 'function',
        unit: 'calls',
        vary: [],
        ignored: [],
      } as const;
      const run = runOf(day, factor, {
        race: { ...race, vary: [], ignored: [], anchor: anchor.repeat(40) },
      });
      for (const { throughput } of run.results.cells) {
        if (throughput === null) continue;
        throughput.point *= speed;
        if (throughput.low !== null) throughput.low *= speed;
        if (throughput.high !== null) throughput.high *= speed;
      }
      return run;
    };
    const slow = { speed: 0.6 };
    const even = historyOf([
      raceOf(1),
      raceOf(2, slow),
      raceOf(3),
      raceOf(4, slow),
      raceOf(5, slow),
    ]);
    expect(even.series.flatMap(({ changes }) => changes)).toEqual([]);
    expect(even.series.length).toBeGreaterThan(0);
    const worse = { speed: 0.6, factor: 0.8 };
    const changed = historyOf([
      raceOf(1),
      raceOf(2, slow),
      raceOf(3, worse),
      raceOf(4, { factor: 0.8 }),
    ]);
    expect(
      changed.series.filter(({ changes }) => changes.length > 0).map(({ says }) => says),
    ).toEqual(['slower by 20.0% from 0303030 (2026-11-03) on']);
    const moved = historyOf([raceOf(1, { anchor: 'b' }), runOf(2), raceOf(3), raceOf(4)]);
    expect(moved.runs).toHaveLength(2);
    expect(moved.leftOut).toEqual([
      { what: 'runs/1/results.json', reason: 'its ratios are to bbbbbbbbbbbb, not aaaaaaaaaaaa' },
      {
        what: 'runs/2/results.json',
        reason: 'its ratios are to a tree without an anchor, not aaaaaaaaaaaa',
      },
    ]);
  });

  it('says the same for a terminal, for GitHub and as a page', () => {
    const history = historyOf(slower);
    const text = renderHistoryConsole(history, { color: false, width: 110 });
    expect(text).toMatch(/^ {2}uv .* 5 +slower by 30\.0% from 0303030 \(2026-11-03\) on$/m);
    expect(text).toContain(
      '5 runs, 0101010 (2026-11-01) to 0505050 (2026-11-05): ratios to microtask; 1 of',
    );
    expect(renderHistoryMarkdown(history)).toMatch(/\| uv .*slower by 30\.0% from 0303030/);
    const page = renderHistoryHtml(history);
    expect(page).toContain('slower by 30.0% from 0303030 (2026-11-03) on');
    expect(page.match(/<svg/g)).toHaveLength(
      new Set(history.series.map(({ workload, params }) => JSON.stringify([workload, params])))
        .size,
    );
  });

  it('keeps hostile names as text', () => {
    const hostile = slower.map(({ file, results }) => {
      const copy = structuredClone(results);
      for (const cell of copy.cells) cell.workload += ' | <img src=x>\u202e\u0007';
      return { file, results: copy };
    });
    const history = historyOf(hostile);
    const { document } = parseHTML(renderHistoryHtml(history));
    expect(document.querySelectorAll('img')).toHaveLength(0);
    expect(document.querySelectorAll('figure')).toHaveLength(4);
    expect(renderHistoryMarkdown(history)).not.toContain('<img');
    expect(renderHistoryConsole(history, { color: false, width: 100 })).not.toMatch(
      /[^\P{Cc}\n]|\u202e/u,
    );
  });
});

describe('loopdyno history', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'loopdyno-history-'));
    for (const { file, results } of slower) {
      const at = join(folder, file);
      await mkdir(join(at, '..'), { recursive: true });
      await writeFile(at, serializeResults(results));
    }
    await mkdir(join(folder, 'broken'));
    await writeFile(join(folder, 'broken', 'results.json'), '{');
    await symlink(join('runs', '5'), join(folder, 'latest'), 'dir');
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('reads every run of a folder once, and says which file is damaged', async () => {
    const { code, stdout } = await loopdyno(['history', folder, '--json'], folder);
    expect(code).toBe(0);
    const history = JSON.parse(stdout) as ReturnType<typeof historyOf>;
    expect(history.runs).toHaveLength(5);
    expect(history.leftOut).toHaveLength(1);
    expect(history.leftOut[0]?.what).toContain('broken');
  });

  it('writes a page into the folder', async () => {
    const { code, stdout } = await loopdyno(['history', folder, '--html'], folder);
    expect(code).toBe(0);
    expect(stdout).toBe(`${join(folder, 'history.html')}\n`);
  });

  it.each([
    ['nowhere', /^loopdyno: cannot read '.*nowhere': there is no such folder\n$/],
    [
      'empty',
      /^loopdyno: there is no run in '.*empty': it takes a folder with results\.json files/,
    ],
  ])('refuses a folder that is %s, with what to do', async (name, message) => {
    if (name === 'empty') await mkdir(join(folder, name), { recursive: true });
    const { code, stderr } = await loopdyno(['history', join(folder, name)], folder);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});
