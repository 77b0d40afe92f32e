/** The report in a real browser. Debian: `apt-get install chromium`. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderHtml } from '#dist/src/report/html/page.js';
import { renderHistoryHtml } from '#dist/src/studies/history/html.js';
import { historyOf } from '#dist/src/studies/history/series.js';
import { renderSweepHtml } from '#dist/src/studies/sweep/html.js';
import { goldenResults } from '../golden/golden.js';
import { sweepOf } from '../golden/sweep.js';

const executablePath =
  process.env['CHROMIUM'] ??
  ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
if (executablePath === undefined) {
  console.warn('The HTML report is not tested in a browser: apt-get install chromium');
}

describe.skipIf(executablePath === undefined)('the HTML report in Chromium', () => {
  let browser: Browser;
  let folder: string;
  const urls = { run: '', sweep: '', history: '' };
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'loopdyno-page-'));
    const pages = {
      run: renderHtml(goldenResults()),
      sweep: renderSweepHtml(sweepOf((x) => x / 200)),
      history: renderHistoryHtml(
        historyOf([
          { file: 'a.json', results: goldenResults() },
          { file: 'b.json', results: goldenResults() },
        ]),
      ),
    };
    for (const kind of ['run', 'sweep', 'history'] as const) {
      const file = join(folder, `${kind}.html`);
      await writeFile(file, pages[kind]);
      urls[kind] = pathToFileURL(file).href;
    }
    browser = await chromium.launch({
      ...(executablePath === undefined ? {} : { executablePath }),
      args: ['--no-sandbox'],
    });
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true });
  });

  async function visit<T>(
    options: BrowserContextOptions,
    look: (page: Page, heard: string[]) => Promise<T>,
    url = urls.run,
  ): Promise<T> {
    const context = await browser.newContext(options);
    try {
      const page = await context.newPage();
      const heard: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error') heard.push(message.text());
      });
      page.on('pageerror', (error) => heard.push(error.message));
      page.on('request', (request) => {
        if (request.url() !== url && !request.url().startsWith('data:')) heard.push(request.url());
      });
      await page.goto(url);
      return await look(page, heard);
    } finally {
      await context.close();
    }
  }

  it.each([
    ['run', 'light'],
    ['run', 'dark'],
    ['sweep', 'light'],
    ['sweep', 'dark'],
    ['history', 'light'],
    ['history', 'dark'],
  ] as const)('has no error, request or serious finding: a %s, %s', (kind, scheme) => {
    const look = async (page: Page, heard: string[]): Promise<void> => {
      await page.evaluate(() => {
        for (const one of document.querySelectorAll('details')) one.open = true;
      });
      await page.addScriptTag({ content: axe.source });
      const found = await page.evaluate(async () => {
        const { axe: tool } = globalThis as unknown as {
          axe: {
            run(): Promise<{ violations: { id: string; impact: string; nodes: object[] }[] }>;
          };
        };
        const { violations } = await tool.run();
        return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      });
      expect(found).toEqual([]);
      expect(heard).toEqual([]);
      const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      expect(ground).toBe(scheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(18, 18, 18)');
    };
    return visit({ colorScheme: scheme, bypassCSP: true }, look, urls[kind]);
  });

  it.each(['run', 'sweep', 'history'] as const)(
    'fits a phone without a sideways scroll: a %s',
    (kind) => {
      const look = async (page: Page): Promise<void> => {
        const widths = await page.evaluate(() => ({
          page: document.documentElement.scrollWidth,
          screen: innerWidth,
        }));
        expect(widths.page).toBeLessThanOrEqual(widths.screen);
      };
      return visit({ viewport: { width: 360, height: 700 } }, look, urls[kind]);
    },
  );

  it('shows only what is asked for, in the order asked for, by keyboard alone', () =>
    visit({}, async (page) => {
      const shown = () => page.locator('section.case:visible h2').allTextContents();
      const all = await shown();
      await page.locator('select[name=kind]').focus();
      await page.keyboard.press('c');
      const cpu = await shown();
      expect(cpu.length).toBeGreaterThan(0);
      expect(cpu.length).toBeLessThan(all.length);
      expect(cpu.every((text) => text.endsWith('(cpu)'))).toBe(true);
      await page.selectOption('select[name=kind]', '');
      await page.selectOption('select[name=order]', 'name');
      expect(await shown()).toEqual(all.toSorted((a, b) => a.localeCompare(b)));
      await page.selectOption('select[name=policy]', 'queue');
      const heads = await page.locator('table.matrix thead th:visible').allTextContents();
      expect(heads).toEqual(['case', 'queue']);
    }));

  it('says it all without scripts', () =>
    visit({ javaScriptEnabled: false }, async (page) => {
      expect(await page.locator('section.case:visible').count()).toBeGreaterThan(2);
      expect(await page.locator('#filters').isVisible()).toBe(false);
    }));
});
