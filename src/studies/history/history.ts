/** `loopdyno history`: all runs of a folder as series. */
import { join } from 'node:path';
import { saveFiles } from '../../documents/store.js';
import { LoopdynoError } from '../../text/errors.js';
import { UsageError } from '../../text/usage.js';
import { readResults } from '../read-results.js';
import { FILE, filesBelow } from '../saved-files.js';
import { reportersOf, type ReporterFlags } from '../reporters.js';
import { printJson, screen } from '../terminal.js';
import { renderHistoryConsole, renderHistoryMarkdown } from './render.js';
import { historyOf, type History, type SavedRun } from './series.js';

export interface HistoryFlags extends ReporterFlags {
  html?: boolean;
  open?: boolean;
}

export async function history(folder: string, flags: HistoryFlags): Promise<void> {
  const { runs, broken } = await runsIn(folder);
  if (runs.length === 0) {
    throw new UsageError(
      `there is no run in '${folder}': it takes a folder with ${FILE} files in it, such as results; ` +
        '`loopdyno run` adds one',
    );
  }
  const found = historyOf(runs);
  const whole: History = { ...found, leftOut: [...broken, ...found.leftOut] };
  if (flags.html === true || flags.open === true) return page(folder, whole, flags);
  for (const reporter of reportersOf(flags)) {
    if (reporter === 'json') printJson(whole);
    else if (reporter === 'markdown') process.stdout.write(renderHistoryMarkdown(whole));
    else process.stdout.write(renderHistoryConsole(whole, screen()));
  }
}

async function page(folder: string, whole: History, flags: HistoryFlags): Promise<void> {
  const { renderHistoryHtml } = await import('./html.js');
  await saveFiles(folder, { 'history.html': renderHistoryHtml(whole) });
  const path = join(folder, 'history.html');
  process.stdout.write(`${path}\n`);
  if (flags.open === true) await (await import('open')).default(path);
}

async function runsIn(
  folder: string,
): Promise<{ runs: SavedRun[]; broken: { what: string; reason: string }[] }> {
  const runs: SavedRun[] = [];
  const broken: { what: string; reason: string }[] = [];
  for (const file of await filesBelow(folder)) {
    try {
      runs.push({ file, results: await readResults(file) });
    } catch (error) {
      if (!(error instanceof LoopdynoError)) throw error;
      broken.push({ what: file, reason: error.message });
    }
  }
  return { runs, broken };
}
