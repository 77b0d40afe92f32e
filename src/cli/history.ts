/** `loopdyno history`. */
import type { Command } from 'commander';
import type { HistoryFlags } from '../studies/history/history.js';
import { examples, options } from './options.js';

export function addHistory(program: Command): void {
  program
    .command('history')
    .description('how ratios changed over all saved runs of a folder')
    .addHelpText('after', examples('history', 'history results --html'))
    .argument('[folder]', 'a folder with results.json files in it', 'results')
    .addOption(options.reporter())
    .addOption(options.json())
    .option('--html', 'write history.html into the folder instead, and print its path')
    .option('--open', 'likewise, and open it')
    .action(async (folder: string, flags: HistoryFlags) => {
      const { history } = await import('../studies/history/history.js');
      await history(folder, flags);
    });
}
