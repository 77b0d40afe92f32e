/** `loopdyno agent`: an agent in the foreground. It says what it does on stderr, and its ledger at the end. */
import { stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import type { AgentPolicy } from '../../policies/nats/agent-policies.js';
import { SERVERS_VARIABLE, checkQueue, serversOf } from '../../policies/nats/options.js';
import { nats } from '../../policies/nats/index.js';
import { PolicyUnavailableError, quote } from '../../loop/errors.js';
import { UsageError } from '../../text/usage.js';
import { listenForInterruption } from '../interruption.js';

export interface AgentFlags {
  readonly servers?: string;
  readonly root?: string;
  readonly queue?: string;
  readonly policy?: AgentPolicy;
  readonly concurrency?: number;
  readonly threads?: number;
  readonly creds?: string;
  readonly nkey?: string;
  readonly tlsCa?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly ackWait?: number;
  readonly maxDeliver?: number;
}

/** Messages in hand for each core, while their jobs wait. */
const FOR_EACH_CORE = 16;

export async function agent(flags: AgentFlags): Promise<number> {
  const { queue = 'loopdyno', policy = 'workers', creds, nkey, tlsCa, tlsCert, tlsKey } = flags;
  const files = { caFile: tlsCa, certFile: tlsCert, keyFile: tlsKey };
  const tls = Object.fromEntries(Object.entries(files).filter(([, file]) => file !== undefined));
  const servers = serversOf({
    ...(flags.servers !== undefined && { servers: flags.servers }),
    ...(creds !== undefined && { creds }),
    ...(nkey !== undefined && { nkey }),
    ...(Object.keys(tls).length > 0 && { tls }),
  });
  if (servers === null) {
    throw new UsageError(
      `agent takes --servers, such as nats://one.example:4222; or set ${SERVERS_VARIABLE}`,
    );
  }
  const root = resolve(flags.root ?? '.');
  if ((await stat(root).catch(() => null))?.isDirectory() !== true) {
    throw new UsageError(`--root takes a folder, but there is none at ${quote(root)}`);
  }
  const available = await nats.probe();
  if (!available.ok && available.reason.includes('client')) {
    throw new PolicyUnavailableError(`${available.reason}: ${available.remedy}`);
  }
  const concurrency = flags.concurrency ?? FOR_EACH_CORE * availableParallelism();
  const threads = flags.threads ?? Math.min(concurrency, availableParallelism());
  const { serveAgent } = await import('../../policies/nats/serve-agent.js');
  const { ackWait, maxDeliver } = flags;
  const options = checkQueue({
    ...(ackWait !== undefined && { ackWait }),
    ...(maxDeliver !== undefined && { maxDeliver }),
  });
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const interruption = listenForInterruption('it answers what it has in hand, and leaves');
  const serving = await serveAgent({
    servers,
    queue,
    root,
    policy,
    threads,
    concurrency,
    options,
    say,
  });
  say(`agent ${serving.name}: ready, on queue ${queue}, for modules under ${root}`);
  await aborted(interruption.signal);
  await serving.close();
  const { jobs, messages, ...others } = serving.ledger;
  const rest = Object.entries(others).map(([name, count]) => `${count} ${name}`);
  say(`${jobs} jobs in ${messages} messages; ${rest.join(', ')}`);
  return 0;
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) =>
    signal.addEventListener('abort', () => resolve(), { once: true }),
  );
}
