/** What a sweep says, on a terminal, in Markdown and on a page. */
import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { renderSweepHtml } from '#dist/src/studies/sweep/html.js';
import { renderSweep, renderSweepMarkdown } from '#dist/src/studies/sweep/render.js';
import { sentenceOf } from '#dist/src/studies/sweep/sentences.js';
import type { Sweep } from '#dist/src/documents/sweep.js';
import { sweepOf } from '../../golden/sweep.js';

function saysOf(sweep: Sweep): string | undefined {
  return sweep.curves[0]?.sentence;
}

describe('the sentence of a sweep', () => {
  it('says where one overtakes, and how surely', () => {
    expect(saysOf(sweepOf((x) => x / 200))).toMatch(
      /^workers overtakes microtask at \d+ µs per job \(\d+–\d+\)\.$/,
    );
    expect(saysOf(sweepOf((x) => 200 / x))).toMatch(/^workers falls behind microtask at \d+ µs/);
  });

  it('says both of two', () => {
    const hill = (x: number): number => Math.exp(1 - Math.abs(Math.log(x / 100)));
    expect(saysOf(sweepOf(hill))).toMatch(
      /^workers overtakes microtask at .*\) and falls behind it at .*\)\.$/,
    );
  });

  it('says that they never cross', () => {
    expect(saysOf(sweepOf(() => 1.5))).toBe(
      'workers never crosses microtask: it is ahead from 10 to 1,000 µs per job.',
    );
    expect(saysOf(sweepOf(() => 0.5))).toBe(
      'workers never crosses microtask: it is behind from 10 to 1,000 µs per job.',
    );
    expect(saysOf(sweepOf(() => 1))).toMatch(
      /^workers: no difference to microtask larger than \d+%, from 10 to 1,000 µs per job\.$/,
    );
  });

  it('names the parameter where the workload gives it no unit', () => {
    const sweep = sweepOf((x) => x / 200);
    const bare = { ...sweep, parameter: { ...sweep.parameter, unit: null } };
    const [curve] = sweep.curves;
    expect(curve && sentenceOf(bare, curve)).toMatch(/ at us = \d+ \(/);
  });
});

describe('a sweep', () => {
  it('is a table on a terminal and in Markdown, a row a point', () => {
    const sweep = sweepOf((x) => x / 200);
    const rows = sweep.curves[0]?.points.length ?? 0;
    const text = renderSweep(sweep, { color: false, width: 100 });
    expect(text.split('\n').filter((line) => /^ +[\d,.]+ +4 /.test(line))).toHaveLength(rows);
    const lines = renderSweepMarkdown(sweep).split('\n');
    expect(lines.filter((line) => /^\| [\d,.]+ \| 4 \|/.test(line))).toHaveLength(rows);
  });

  it('is a page with a picture of the curves and the table behind it', () => {
    const sweep = sweepOf((x) => x / 200);
    const page = renderSweepHtml(sweep);
    expect(renderSweepHtml(sweep)).toBe(page);
    const { document } = parseHTML(page);
    const picture = document.querySelector('figure svg');
    expect(picture?.getAttribute('role')).toBe('img');
    expect(picture?.getAttribute('aria-label')).toContain('Rate beside microtask');
    expect(document.querySelectorAll('table tbody tr').length).toBe(sweep.curves[0]?.points.length);
    expect(page.length).toBeLessThan(200_000);
  });

  it('has hostile names as text', () => {
    const name = '</script><b>&|`';
    const sweep = sweepOf((x) => x / 200, name);
    const { document } = parseHTML(renderSweepHtml(sweep));
    expect(document.querySelectorAll('b').length).toBe(0);
    expect(document.querySelector('main li')?.textContent).toContain('</script><b>');
    expect(renderSweepMarkdown(sweep)).not.toContain('<b>');
  });
});
