import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  renderComparisonConsole,
  renderComparisonMarkdown,
} from '#dist/src/studies/compare/render.js';
import type { Cell, Results } from '#dist/src/documents/results.js';
import { compareResults, type Comparison } from '#dist/src/studies/compare/compare.js';
import { goldenResults } from '../../golden/golden.js';

const HOSTILE = '\u001b[31mevil\u001b[0m | `x` <img src=x> **b** [l](u) @me\r\n# h\n\u202e\u0007';

/** One of every verdict: uv slower, echo's queue faster by its ratio, one round, and what differs. */
function golden(): Comparison {
  const later = goldenResults();
  const [, queue, uv, workers, , fast] = later.cells as Cell[];
  for (const slice of slicesOf(uv)) slice.ms *= 1.3;
  for (const slice of slicesOf(fast)) slice.ms /= 1.5;
  if (queue !== undefined) queue.rounds = queue.rounds.slice(0, 1);
  if (workers !== undefined) workers.contestant.policy = 'workers-2';
  Object.assign(later.fingerprint, { node: '24.1.0', cores: 8 });
  return compareResults(goldenResults(), later);
}

function slicesOf(cell: Cell | undefined) {
  return (cell?.rounds ?? []).flatMap(({ slices }) => slices);
}

function hostile(): Comparison {
  const results = (): Results => {
    const made = goldenResults();
    for (const cell of made.cells) {
      cell.workload += HOSTILE;
      cell.params = { ...cell.params, [HOSTILE]: HOSTILE };
      cell.contestant.policy += HOSTILE;
      if (cell.reason !== null) cell.reason = HOSTILE;
    }
    return made;
  };
  const other = results();
  other.fingerprint.cpu = HOSTILE;
  other.fingerprint.flags = [HOSTILE];
  return compareResults(results(), other);
}

describe('a comparison on a terminal', () => {
  it.each([120, 80, 60])('is stable at a width of %d', async (width) => {
    const text = renderComparisonConsole(golden(), { color: false, width });
    await expect(text).toMatchFileSnapshot(`../../golden/compare-${width}.txt`);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(width);
    expect(text).not.toMatch(/ $/m);
  });

  it('says the same in colour', () => {
    const plain = renderComparisonConsole(golden(), { color: false, width: 100 });
    const colored = renderComparisonConsole(golden(), { color: true, width: 100 });
    expect(plain).not.toContain('\u001b');
    expect(colored).toContain('\u001b[31mslower by 23%');
    expect(colored).toContain('\u001b[32mfaster by 50%');
    expect(stripVTControlCharacters(colored)).toBe(plain);
  });

  it('prints hostile names as text, on one line', () => {
    const text = renderComparisonConsole(hostile(), { color: false, width: 100 });
    expect(text).not.toMatch(/[^\P{Cc}\n]/u);
    expect(text).not.toContain('\u202e');
    expect(text).not.toMatch(/^# h/m);
  });

  it('is never lost for words', () => {
    const none = { ...goldenResults(), cells: [] };
    const comparison = compareResults(none, none);
    expect(renderComparisonConsole(comparison, { color: false, width: 0 })).toContain('has a cell');
    expect(renderComparisonMarkdown(comparison)).toContain('overlap in 0 of 0 cells');
  });
});

describe('a comparison for GitHub', () => {
  it('is stable', async () => {
    await expect(renderComparisonMarkdown(golden())).toMatchFileSnapshot('../../golden/compare.md');
  });

  it('has hostile names as text', () => {
    const text = renderComparisonMarkdown(hostile());
    expect(text).not.toMatch(/[^\P{Cc}\n]/u);
    expect(text).not.toContain('<img');
    expect(text).not.toMatch(/(?<!\\)`/);
    expect(text).not.toMatch(/@me/);
    const rows = text.split('\n').filter((line) => line.startsWith('|'));
    expect(rows).toHaveLength(16 + 2);
    for (const row of rows) expect(row.match(/(?<!\\)(?:\\\\)*\|/g)).toHaveLength(7);
  });
});

it('a comparison of a hundred cells renders within two seconds of CPU time', () => {
  const results = goldenResults();
  results.cells = Array.from({ length: 100 }, (_, i) => ({
    ...(results.cells[i % 4] as Cell),
    workload: `workload ${i >> 2}`,
  }));
  const began = process.cpuUsage();
  const comparison = compareResults(results, results);
  renderComparisonConsole(comparison, { color: true, width: 70 });
  renderComparisonMarkdown(comparison);
  expect(comparison.cells).toHaveLength(100);
  const { user, system } = process.cpuUsage(began);
  expect(user + system).toBeLessThan(2_000_000);
});
