import { parseHTML } from 'linkedom';
import { beforeAll, describe, expect, it } from 'vitest';
import { renderHtml } from '#dist/src/report/html/page.js';
import type { Results } from '#dist/src/documents/results.js';
import { goldenResults } from '../golden/golden.js';

/** So many cases of the golden run's kind, for a page of a large run. */
function manyCells(count: number): Results {
  const results = goldenResults();
  const cells = results.cells.filter(({ status }) => status === 'ok');
  return {
    ...results,
    cells: Array.from({ length: count }, (_, at) => {
      const of = cells[at % cells.length];
      if (of === undefined) throw new Error('the golden run has no cell that is ok');
      return { ...of, params: { number: Math.floor(at / cells.length) } };
    }),
  };
}

describe('the HTML report', () => {
  let page: string;
  beforeAll(() => {
    page = renderHtml(goldenResults());
  });

  it('is the same for the same results', async () => {
    expect(renderHtml(goldenResults())).toBe(page);
    await expect(page).toMatchFileSnapshot('../golden/report.html');
  });

  it('has a picture with its name, and a table with the numbers, for every case', () => {
    const { document } = parseHTML(page);
    const cases = [...document.querySelectorAll('section.case')];
    expect(cases.length).toBeGreaterThan(2);
    for (const one of cases) {
      expect(one.querySelectorAll('details table tbody tr').length).toBeGreaterThan(0);
    }
    const pictures = [...document.querySelectorAll('figure svg')];
    expect(pictures.length).toBeGreaterThan(cases.length);
    for (const picture of pictures) {
      expect(picture.getAttribute('role')).toBe('img');
      expect(picture.getAttribute('aria-label')).toMatch(/.+: .+/);
    }
  });

  it('asks for nothing from anywhere', () => {
    expect(page).not.toMatch(/(src|href|url)\s*[=(]\s*["']?(https?:)?\/\//i);
    expect(page).toContain("default-src 'none'");
  });

  it('keeps hostile names text', () => {
    const results = goldenResults();
    const name = '</script><b onclick="alert(1)">"x"\'';
    for (const cell of results.cells) {
      cell.workload = name;
      cell.reason = cell.reason === null ? null : name;
      if (cell.contestant.policy !== results.reference)
        cell.contestant.policy = `<img src=x>${name}`;
    }
    const hostile = renderHtml(results);
    const { document } = parseHTML(hostile);
    const found = ['b', 'img', '[onclick]', 'script'].map(
      (selector) => document.querySelectorAll(selector).length,
    );
    expect(found).toEqual([0, 0, 0, 1]);
    expect(document.querySelector('h2[id=case-0]')?.textContent).toContain(name);
  });

  it('has at most a megabyte for a hundred cells', () => {
    const large = renderHtml(manyCells(100));
    expect(Buffer.byteLength(large)).toBeLessThan(1_000_000);
  });

  it('is a page without a cell, too', () => {
    expect(renderHtml({ ...goldenResults(), cells: [] })).toContain('loopdyno report');
  });
});
