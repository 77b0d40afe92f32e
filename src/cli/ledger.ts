/** `loopdyno ledger`. */
import type { Command } from 'commander';
import { ledger } from '../studies/ledger/ledger.js';
import { options } from './options.js';

export function addLedger(program: Command): void {
  program
    .command('ledger')
    .description('how often the gate was wrong, in all runs of it that left a line')
    .argument('[ledgers...]', 'ledger.jsonl of the gate, or folders with one', ['results/gate'])
    .addOption(options.json())
    .action((paths: string[], flags: { json?: boolean }) => ledger(paths, flags));
}
