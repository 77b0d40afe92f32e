/** `loopdyno ledger`. */
import type { Command } from 'commander';
import { options } from './options.js';

export function addLedger(program: Command): void {
  program
    .command('ledger')
    .description('how often the gate was wrong, in all runs of it that left a line')
    .argument('[ledgers...]', 'ledger.jsonl of the gate, or folders with one', ['results/gate'])
    .addOption(options.json())
    .action(async (paths: string[], flags: { json?: boolean }) => {
      const { ledger } = await import('../studies/ledger/ledger.js');
      await ledger(paths, flags);
    });
}
