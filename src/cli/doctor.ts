/** `loopdyno doctor`. */
import type { Command } from 'commander';
import { options } from './options.js';

export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('which policies can be used here, and how well this machine can measure')
    .addOption(options.json())
    .addOption(options.config())
    .action(async (flags: { json?: boolean; config?: string }) => {
      const { doctor } = await import('../studies/doctor/doctor.js');
      await doctor(flags);
    });
}
