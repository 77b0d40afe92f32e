import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { renderConsole } from '#dist/src/report/console.js';
import { renderMarkdown } from '#dist/src/report/markdown.js';
import { judged } from '#dist/src/analysis/verdicts.js';
import type { Cell, Results } from '#dist/src/documents/results.js';
import { goldenResults } from '../golden/golden.js';

const HOSTILE =
  '\u001b[31mevil\u001b[0m | `x` <img src=x onerror=alert(1)> **b** [l](u) \\| @me\r\n# h\n\n\u202e\u0007\u0085~~s~~ $a$ &lt;';

function hostileResults(): Results {
  const results = goldenResults();
  for (const cell of results.cells) {
    cell.workload += HOSTILE;
    cell.params = { ...cell.params, [HOSTILE]: HOSTILE };
    cell.contestant.policy = `${cell.contestant.policy}${HOSTILE}`;
    if (cell.reason !== null) cell.reason = HOSTILE;
    if (cell.ratio !== null) cell.ratio.to = HOSTILE;
  }
  for (const ceiling of results.ceilings) {
    ceiling.workload += HOSTILE;
    ceiling.params = { ...ceiling.params, [HOSTILE]: HOSTILE };
    ceiling.unit = HOSTILE;
    ceiling.engine = HOSTILE;
  }
  results.reference = `microtask${HOSTILE}`;
  results.command = [HOSTILE];
  results.fingerprint.cpu = HOSTILE;
  results.fingerprint.flags = [HOSTILE];
  return judged(results);
}

function aborted(): Results {
  const results = goldenResults();
  results.status = 'aborted';
  const [, second] = results.cells as [Cell, Cell];
  Object.assign(second, { status: 'aborted', reason: 'interrupted after 4 of 9 rounds' });
  return judged(results);
}

const columns = (line: string): number => line.length;

describe('renderConsole', () => {
  it.each([120, 80, 60])('is stable at a width of %d', async (width) => {
    const text = renderConsole(goldenResults(), { color: false, width });
    await expect(text).toMatchFileSnapshot(`../golden/console-${width}.txt`);
    expect(Math.max(...text.split('\n').map(columns))).toBeLessThanOrEqual(width);
    expect(text).not.toMatch(/ $/m);
  });

  it('says the same in colour', () => {
    const plain = renderConsole(goldenResults(), { color: false, width: 100 });
    const colored = renderConsole(goldenResults(), { color: true, width: 100 });
    expect(plain).not.toContain('\u001b');
    expect(colored).toContain('\u001b[32m1.41×\u001b[39m');
    expect(stripVTControlCharacters(colored)).toBe(plain);
  });

  it('begins with what an aborted run is', () => {
    const text = renderConsole(aborted(), { color: false, width: 100 });
    expect(text).toMatch(/^Aborted: the run was ended early/);
    expect(text).toMatch(/^ {2}queue \(aborted\) +40,700/m);
    expect(text).toContain('no difference larger than 6% (interrupted after 4 of 9 rounds)');
  });

  it('prints hostile names as text, on one line', () => {
    const text = renderConsole(hostileResults(), { color: false, width: 100 });
    expect(text).not.toMatch(/[^\P{Cc}\n]/u);
    expect(text).not.toContain('\u202e');
    // A line of its own could look like another row.
    expect(text).not.toMatch(/^# h/m);
  });

  it.each([
    ['a terminal', (results: Results) => renderConsole(results, { color: false, width: 100 })],
    ['Markdown', renderMarkdown],
  ])('prints hostile warnings and noise as text in %s', (_, render) => {
    const text = render({
      ...goldenResults(),
      warnings: [{ label: `${HOSTILE}$&`, text: HOSTILE }],
      noise: { delayShare: 0, pulseSpread: 0, sentence: HOSTILE },
    });
    expect(text).not.toMatch(/[^\P{Cc}\n]/u);
    expect(text).not.toContain('\u202e');
    expect(text).not.toMatch(/^# h/m);
    if (render === renderMarkdown) expect(text).not.toContain('<img');
  });

  it('is never lost for words', () => {
    const none = { ...goldenResults(), cells: [], ceilings: [], harness: null };
    expect(renderConsole(none, { color: false, width: 0 })).toContain('No cell was planned.');
  });
});

describe('renderMarkdown', () => {
  it('has no column that no cell has a value for', () => {
    expect(renderMarkdown(goldenResults())).toContain('| GC |');
    const untold = goldenResults();
    for (const cell of untold.cells) cell.gc = null;
    expect(renderMarkdown(untold)).not.toContain('| GC |');
  });

  it('is stable', async () => {
    await expect(renderMarkdown(goldenResults())).toMatchFileSnapshot('../golden/report.md');
  });

  it('begins with what an aborted run is', () => {
    const text = renderMarkdown(aborted());
    expect(text).toMatch(/^# loopdyno report\n\n> \*\*Aborted:\*\* the run was ended early/);
    expect(text).toContain('| queue (aborted) | 40,700 ');
  });

  it('has hostile names as text: no markup, no more columns or lines than it should', async () => {
    const text = renderMarkdown(hostileResults());
    await expect(text).toMatchFileSnapshot('../golden/hostile.md');
    expect(text).not.toMatch(/[^\P{Cc}\n]/u);
    expect(text).not.toContain('<img');
    expect(text).not.toMatch(/(?<!\\)`/);
    expect(text).not.toMatch(/@me/);
    expect(text.split('\n')).toHaveLength(renderMarkdown(goldenResults()).split('\n').length);
    for (const line of text.split('\n').filter((each) => each.startsWith('|'))) {
      expect([7, 17]).toContain(line.match(/(?<!\\)(?:\\\\)*\|/g)?.length);
    }
  });
});

describe('a hundred cells', () => {
  it('render within two seconds of CPU time', () => {
    const results = goldenResults();
    results.cells = Array.from({ length: 100 }, (_, i) => ({
      ...(results.cells[i % 4] as Cell),
      workload: `workload ${i >> 2}`,
    }));
    const began = process.cpuUsage();
    renderConsole(results, { color: true, width: 70 });
    renderMarkdown(results);
    const { user, system } = process.cpuUsage(began);
    expect(user + system).toBeLessThan(2_000_000);
  });
});
