/** A loop whose submitted jobs go to agents, by way of NATS. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { PolicyUnavailableError } from '../../loop/errors.js';
import type { LoopOptions, LoopPolicy } from '../../loop/policy.js';
import { PoolLoop } from '../pool/pool-loop.js';
import { Ready, type CourierSetup, type FromCourier } from './courier-protocol.js';
import { Embedded } from './embedded.js';
import { findServer } from './find-server.js';
import type { Ledger } from './ledger.js';
import { checkOptions, type CheckedOptions, type NatsOptions } from './options.js';
import { Submitter } from './submitter.js';

export class NatsLoop extends PoolLoop {
  private readonly submitter: Submitter;
  private readonly embedded: Embedded | null;

  private constructor(
    policy: LoopPolicy,
    loopOptions: LoopOptions,
    checked: CheckedOptions,
    courier: Worker,
    embedded: Embedded | null,
  ) {
    let submitter!: Submitter;
    super(policy, loopOptions, checked, (onError) => {
      submitter = new Submitter(checked, courier, onError);
      if (embedded !== null) embedded.onTrouble = (error) => submitter.broken(error);
      return submitter;
    });
    this.submitter = submitter;
    this.embedded = embedded;
  }

  static async open(policy: LoopPolicy, options: NatsOptions & LoopOptions): Promise<NatsLoop> {
    const submitter = randomUUID();
    const checked = checkOptions(options, submitter);
    const embedded = checked.servers === null ? await startOwn(checked) : null;
    const servers = checked.servers ?? (embedded as Embedded).servers;
    const { queue } = checked;
    const workerData: CourierSetup = { servers, queue, submitter, options: queueOf(checked) };
    const courier = new Worker(new URL('./courier-thread.js', import.meta.url), {
      workerData,
      execArgv: [],
    });
    try {
      const maxBytes = await ready(courier);
      return new NatsLoop(policy, options, { ...checked, maxBytes }, courier, embedded);
    } catch (error) {
      await courier.terminate();
      await embedded?.close();
      throw error;
    }
  }

  /** What became of the jobs so far. */
  override get ledger(): Readonly<Ledger> {
    return this.submitter.ledger;
  }

  protected override async release(): Promise<void> {
    await super.release();
    await this.embedded?.close();
  }
}

async function startOwn(checked: CheckedOptions): Promise<Embedded> {
  const program = await findServer();
  if (program === null) throw new PolicyUnavailableError('there is no nats-server in PATH');
  const { agents, queue, root } = checked;
  return Embedded.start({ program, agents, queue, root, options: queueOf(checked) });
}

function queueOf({
  ackWait,
  maxDeliver,
  maxAckPending,
  maxAge,
}: CheckedOptions): CourierSetup['options'] {
  return { ackWait, maxDeliver, maxAckPending, maxAge };
}

/** The largest message; an error that ends the thread comes here, too. */
async function ready(courier: Worker): Promise<number> {
  const [said] = (await once(courier, 'message')) as [FromCourier];
  if (said[0] === Ready) return said[1];
  throw new PolicyUnavailableError(String(said[1]));
}
