/**
 * `nats`: an executor beyond one machine. A submitted job becomes a message in a work queue of NATS JetStream; agents,
 * anywhere, run it and answer. Without servers of its user the policy starts a nats-server and an agent per core on
 * this machine, and ends them when its loop closes.
 */
import { PolicyUnavailableError } from '../../loop/errors.js';
import type { Availability, LoopOptions, LoopPolicy } from '../../loop/policy.js';
import { mayOpen } from '../pool/loading.js';
import { findServer } from './find-server.js';
import type { NatsLoop } from './nats-loop.js';
import { serversOf, type NatsOptions } from './options.js';

/** A policy whose loops send their jobs to agents. */
export interface NatsPolicy extends LoopPolicy<NatsOptions> {
  open(options?: NatsOptions & LoopOptions): Promise<NatsLoop>;
}

export const nats: NatsPolicy = {
  name: 'nats',
  summary: 'submitted jobs go to agents through NATS JetStream; the rest as under microtask',
  capabilities: { fair: false, step: false, parallel: true, realTime: true },
  probe: () => probe({}),
  open: async (options = {}) => {
    await mayOpen();
    const available = await probe(options);
    if (!available.ok) {
      throw new PolicyUnavailableError(`nats: ${available.reason}: ${available.remedy}`);
    }
    // Loaded here, so that nobody else pays for it.
    const { NatsLoop: Loop } = await import('./nats-loop.js');
    return Loop.open(nats, options);
  },
};

/** Whether the client is installed, and a server is given or can be started. */
async function probe(options: NatsOptions): Promise<Availability> {
  try {
    import.meta.resolve('@nats-io/transport-node');
    import.meta.resolve('@nats-io/jetstream');
  } catch {
    return {
      ok: false,
      reason: 'the NATS client is not installed',
      remedy: 'npm install @nats-io/transport-node @nats-io/jetstream',
    };
  }
  if (serversOf(options) !== null || (await findServer()) !== null) return { ok: true };
  return {
    ok: false,
    reason: 'there is no nats-server in PATH',
    remedy: 'install it (Debian: apt-get install nats-server), or give servers',
  };
}
