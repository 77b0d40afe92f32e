/** `loopdyno report`: renders a saved run again, without measuring. */
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { reportersOf, type ReporterFlags } from '../studies/reporters.js';
import { options } from './options.js';

interface ReportFlags extends ReporterFlags {
  html?: boolean;
  open?: boolean;
}

export function addReport(program: Command): void {
  program
    .command('report')
    .description('render a saved run again')
    .argument('[file]', 'its results.json, or its folder', 'results/latest')
    .addOption(options.reporter())
    .addOption(options.json())
    .option('--html', 'write report.html beside it instead, and print its path')
    .option('--open', 'likewise, and open it')
    .action(async (file: string, flags: ReportFlags) => {
      if (flags.html === true || flags.open === true) return page(file, flags);
      const [{ readResults }, { printResults }] = await Promise.all([
        import('../studies/read-results.js'),
        import('../studies/print-results.js'),
      ]);
      printResults(await readResults(file), reportersOf(flags));
    });
}

async function page(file: string, flags: ReportFlags): Promise<void> {
  const [{ readResults }, { saveFiles }, { pageOf }] = await Promise.all([
    import('../studies/read-results.js'),
    import('../documents/store.js'),
    import('../studies/run/files.js'),
  ]);
  const results = await readResults(file);
  const folder = (await stat(file)).isDirectory() ? file : dirname(file);
  await saveFiles(folder, await pageOf(results));
  const path = join(folder, 'report.html');
  process.stdout.write(`${path}\n`);
  if (flags.open === true) await (await import('open')).default(path);
}
