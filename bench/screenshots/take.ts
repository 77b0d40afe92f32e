/**
 * `npm run screenshots`: the pictures of the docs, taken of results/sample in Chromium (Debian: `apt-get install
 * chromium`), so that they show what the present code renders.
 *
 *   results/sample/results.json ─▶ page ─▶ report.png (desk), report-phone.png (phone, dark)
 *                               └▶ terminal, 100 columns ─▶ terminal.png
 *   results/sample/sweep        ─▶ page ─▶ sweep.png
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium, type BrowserContextOptions, type Page } from 'playwright-core';

const root = new URL('../../../', import.meta.url);
const at = (path: string): string => fileURLToPath(new URL(path, root));
const IMAGES = 'docs/images/';

const executablePath =
  process.env['CHROMIUM'] ?? ['/usr/bin/chromium', '/usr/bin/google-chrome'].find(existsSync);
if (executablePath === undefined) {
  console.error(
    'There is no Chromium to take pictures with: apt-get install chromium, or set CHROMIUM to its path.',
  );
  process.exit(2);
}

const DESK = { viewport: { width: 1200, height: 900 } };
const PHONE = {
  viewport: { width: 360, height: 720 },
  colorScheme: 'dark',
  deviceScaleFactor: 2,
} as const;
const SWEEP = { viewport: { width: 900, height: 680 } };
const TERMINAL = { viewport: { width: 980, height: 640 }, deviceScaleFactor: 2 };

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
try {
  await take('report.png', DESK, (page) => page.goto(urlOf('results/sample/report.html')));
  await take('report-phone.png', PHONE, (page) => page.goto(urlOf('results/sample/report.html')));
  await take('sweep.png', SWEEP, (page) => page.goto(urlOf('results/sample/sweep/report.html')));
  await take('terminal.png', TERMINAL, (page) => page.setContent(terminalPage()));
} finally {
  await browser.close();
}

async function take(
  name: string,
  options: BrowserContextOptions,
  open: (page: Page) => Promise<unknown>,
): Promise<void> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  await open(page);
  await page.screenshot({ path: at(IMAGES + name) });
  await context.close();
  console.log(IMAGES + name);
}

function urlOf(path: string): string {
  return pathToFileURL(at(path)).href;
}

/** The table of a run, and the run in short, as a terminal shows them. */
function terminalPage(): string {
  const main = at('dist/src/cli/main.js');
  const text = execFileSync(process.execPath, [main, 'report', at('results/sample')], {
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<style>body { margin: 0; background: #16181d; color: #e6e6e6 }
pre { margin: 0; padding: 16px; font: 13px/1.35 'DejaVu Sans Mono', monospace; white-space: pre }</style>
<pre>$ npx loopdyno run\n\n${escaped}</pre>`;
}
