/** `loopdyno agent`: runs jobs that others submit through NATS. */
import type { Command } from 'commander';
import type { AgentFlags } from '../studies/agent/agent.js';
import { AGENT_POLICIES } from '../policies/nats/agent-policies.js';
import { Option } from 'commander';
import { duration, examples, wholeNumber } from './options.js';

export function addAgent(program: Command): void {
  program
    .command('agent')
    .description('run jobs that programs submit with the policy nats, until it is interrupted')
    .option('--servers <urls>', 'the NATS servers (default: LOOPDYNO_NATS_SERVERS)')
    .option('--root <folder>', 'only modules under this folder are run (default: this one)')
    .option('--queue <name>', 'the name of the queue (default loopdyno)')
    .addOption(
      new Option('--policy <name>', 'what runs the jobs (default workers)').choices(AGENT_POLICIES),
    )
    .option(
      '--concurrency <number>',
      'messages in hand at the same time (default 16 for each core)',
      wholeNumber(1),
    )
    .option(
      '--threads <number>',
      'threads or processes of the policy (default: one per core, and no more than concurrency)',
      wholeNumber(1),
    )
    .option('--creds <file>', 'credentials, as nsc writes them')
    .option('--nkey <file>', 'the seed of an NKey')
    .option('--tls-ca <file>', 'TLS: the authority of the servers')
    .option('--tls-cert <file>', 'TLS: the certificate of this agent')
    .option('--tls-key <file>', 'TLS: its key')
    .option(
      '--ack-wait <time>',
      'if it makes the queue: how long an agent may be silent until its jobs run elsewhere (default 1500ms)',
      duration,
    )
    .option(
      '--max-deliver <number>',
      'how often a job is begun if its agent ends each time (default 5)',
      wholeNumber(1),
    )
    .addHelpText(
      'after',
      examples('agent --servers nats://one.example:4222 --root ./dist --concurrency 8'),
    )
    .action(async (flags: AgentFlags) => {
      const { agent } = await import('../studies/agent/agent.js');
      process.exitCode = await agent(flags);
    });
}
