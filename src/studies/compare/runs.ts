/** `loopdyno compare`: compares two saved runs. */
import { UsageError } from '../../text/usage.js';
import { readResults } from '../read-results.js';
import { reportersOf, type ReporterFlags } from '../reporters.js';
import { printJson, screen } from '../terminal.js';
import { compareResults } from './compare.js';
import { renderComparisonConsole, renderComparisonMarkdown } from './render.js';

export interface CompareFlags extends ReporterFlags {
  ignoreFingerprint?: boolean;
}

export async function compareRuns(a: string, b: string, flags: CompareFlags): Promise<void> {
  const comparison = compareResults(await readResults(a), await readResults(b));
  const fields = comparison.differences.map((each) => `${each.field} (${each.a} / ${each.b})`);
  if (fields.length > 0 && flags.ignoreFingerprint !== true) {
    throw new UsageError(
      `these runs are not of the same machine and runtime: ${fields.join(', ')}; ` +
        'a difference may be theirs. --ignore-fingerprint compares them all the same',
    );
  }
  for (const reporter of reportersOf(flags)) {
    if (reporter === 'json') printJson(comparison);
    else if (reporter === 'markdown') process.stdout.write(renderComparisonMarkdown(comparison));
    else process.stdout.write(renderComparisonConsole(comparison, screen()));
  }
}
