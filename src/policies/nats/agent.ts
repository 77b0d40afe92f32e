/**
 * An agent: takes messages of jobs, runs them on a loop of its own, stores the answers, and only then acknowledges.
 *
 *   pull ─▶ read ─▶ (delivered before? take over) ─▶ (same code?) ─▶ run ─▶ store ─▶ acknowledge
 *             │                │ a job that brought agents down too often: an error that names it
 *             └ garbage: said, and removed
 *
 * While it holds a message it says so to the server three times per `ackWait`. If it ends, or is cut off, the server
 * gives the message to another agent after `ackWait`. A message of several jobs that comes again is split first, so
 * that a job that brings agents down is alone.
 */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { jetstream, type JsMsg } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { JobVersionError, PoisonedJobError, quote } from '../../loop/errors.js';
import type { Loop } from '../../loop/policy.js';
import { packError } from '../pool/packed-error.js';
import { Answers, EMPTY, UnstoredError, type Part, type Store, type Stored } from './answers.js';
import { moduleUnder } from './code.js';
import { connectTo, type NatsServers } from './connect.js';
import { Holding, LOOK_MS } from './holding.js';
import { Names } from './names.js';
import { Pull } from './pull.js';
import { openQueue, type QueueOptions } from './queue.js';
import { Running } from './running.js';
import { encode, readCancel, readJobs, type Jobs } from './wire.js';

export interface AgentOptions {
  readonly servers: NatsServers;
  readonly queue: string;
  readonly options: QueueOptions;
  /** It runs exports of modules under this folder, and nothing else. */
  readonly root: string;
  readonly loop: Loop;
  /** Messages in hand at the same time, while their jobs wait. */
  readonly concurrency: number;
  /** Tells the person who runs it. */
  readonly say: (line: string) => void;
}

export interface AgentLedger {
  messages: number;
  jobs: number;
  late: number;
  redelivered: number;
  refused: number;
  garbage: number;
}

const HERE_MS = 2000;
/** A message that could not be handled comes again after this time, in ms. */
const AGAIN_MS = 200;
/** Cancelled jobs that may still come. */
const MOST_UNWANTED = 10_000;
/** After it has refused a message it takes no other for so long, in ms: one with the right code shall. */
const REFUSED_MS = 100;
const CLOSE_MS = 5000;

/** A message in hand. */
interface Held {
  readonly delivery: JsMsg;
  readonly submitter: string;
  running: Running | null;
  /** Its jobs have run; it is kept until their answer is stored. */
  hasRun: boolean;
}

export class Agent {
  readonly name = `${hostname().replaceAll(/[^\w-]/g, '-')}-${process.pid}-${randomUUID().slice(0, 8)}`;
  readonly ledger: AgentLedger = {
    messages: 0,
    jobs: 0,
    late: 0,
    redelivered: 0,
    refused: 0,
    garbage: 0,
  };
  private readonly options: AgentOptions;
  private readonly names: Names;
  private readonly connection: NatsConnection;
  private readonly store: Store;
  private readonly holding: Holding;
  private readonly held = new Set<Held>();
  private readonly pull: Pull;
  /** Messages of which the jobs have not all run. */
  private busy = 0;
  private closing = false;
  private pausedUntil = 0;
  private lastAnswer = performance.now();
  private readonly modules = new Map<string, Promise<string>>();
  private readonly unwanted = new Set<string>();
  private readonly timers: NodeJS.Timeout[] = [];
  private onIdle: (() => void) | null = null;

  static async open(options: AgentOptions): Promise<Agent> {
    const names = new Names(options.queue);
    const connection = await connectTo(options.servers, 'loopdyno agent');
    const manager = await openQueue(connection, names, options.options);
    const agent = new Agent(options, names, connection, {
      client: jetstream(connection),
      manager,
      stream: names.answers,
    });
    await agent.start();
    return agent;
  }

  private constructor(
    options: AgentOptions,
    names: Names,
    connection: NatsConnection,
    { client, manager, stream }: Pick<Store, 'client' | 'manager' | 'stream'>,
  ) {
    this.options = options;
    this.names = names;
    this.connection = connection;
    this.holding = new Holding(options.loop.parallelism, options.concurrency);
    const isClosing = (): boolean => this.closing;
    this.store = {
      client,
      manager,
      stream,
      agent: this.name,
      get closing() {
        return isClosing();
      },
    };
    this.pull = new Pull({
      store: this.store,
      names,
      options: options.options,
      room: () => this.room(),
      take: (delivery) => void this.take(delivery),
    });
  }

  get inHand(): number {
    return this.held.size;
  }

  /** Takes nothing more, waits for what it has in hand for a while, and leaves. */
  async close(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    this.options.say(`leaving, with ${this.held.size} messages in hand`);
    const idle = new Promise<void>((resolve) => (this.onIdle = resolve));
    this.pausedUntil = Infinity;
    this.pull.stop();
    const late = new Promise((resolve) => setTimeout(resolve, CLOSE_MS).unref());
    if (this.held.size > 0) await Promise.race([idle, late]);
    this.closing = true;
    // What is left need not wait for its time to run out.
    for (const { delivery } of this.held) delivery.nak();
    await this.connection.drain().catch(() => {});
    this.options.loop.stop();
  }

  private async start(): Promise<void> {
    const { connection, names, options } = this;
    const here = (): void => {
      const slots = options.loop.parallelism;
      connection.publish(names.here, encode({ agent: this.name, slots }));
    };
    connection.subscribe(names.hello, { callback: here });
    connection.subscribe(names.cancel, {
      callback: (error, message) => {
        if (error === null) this.cancel(message.data);
      },
    });
    here();
    this.timers.push(
      setInterval(here, HERE_MS),
      setInterval(() => this.working(), options.options.ackWait / 3),
      setInterval(() => {
        this.holding.look(this.busy);
        this.pull.more();
      }, LOOK_MS),
    );
    await this.pull.start();
  }

  /** How many more messages it could hold now. */
  private room(): number {
    return performance.now() < this.pausedUntil ? 0 : this.holding.limit - this.busy;
  }

  private working(): void {
    for (const { delivery } of this.held) delivery.working();
  }

  private async take(delivery: JsMsg): Promise<void> {
    const from = this.names.read(delivery.subject);
    let jobs: Jobs;
    try {
      if (from === null) throw new Error(`its subject is ${quote(delivery.subject)}`);
      jobs = readJobs(delivery.data);
    } catch (error) {
      this.ledger.garbage++;
      this.options.say(`a message that is no job was removed: ${(error as Error).message}`);
      return delivery.term();
    }
    const held: Held = { delivery, submitter: from.submitter, running: null, hasRun: false };
    this.busy++;
    this.held.add(held);
    const began = performance.now();
    try {
      const { deliveryCount: attempt } = delivery.info;
      const subject = this.names.answer(from.submitter, from.message);
      const answers = new Answers(this.store, subject, from.message, attempt);
      const stored = await this.handle(held, jobs, answers, attempt);
      if (stored === 'late') this.late(from.submitter, jobs);
      // If it is late, somebody else has answered or will: that one acknowledges.
      else delivery.ack();
    } catch (error) {
      await this.unstored(from.submitter, jobs, delivery, error);
    } finally {
      this.ran(held, began);
      this.held.delete(held);
      if (this.held.size === 0) this.onIdle?.();
    }
  }

  /** There is room for another message, once for each. */
  private ran(held: Held, began: number): void {
    if (held.hasRun) return;
    held.hasRun = true;
    this.busy--;
    this.lastAnswer = performance.now();
    this.holding.learn(this.lastAnswer - began);
    this.pull.more();
  }

  private async handle(held: Held, jobs: Jobs, answers: Answers, attempt: number): Promise<Stored> {
    this.ledger.messages++;
    if (attempt > 1) {
      this.ledger.redelivered++;
      if ((await answers.takeOver()) === 'late') {
        held.delivery.ack(); // it is answered
        return 'ours';
      }
      if (jobs.ns.length > 1) return this.split(held.submitter, jobs, answers);
      if (attempt > this.options.options.maxDeliver) return answers.write(poisoned(jobs, attempt));
    }
    // Nobody waits for it. A clock that is off by less than the deadline does no harm.
    if (Date.now() > jobs.expires) return answers.write({ ...EMPTY, last: true });
    let module: string;
    try {
      module = await this.moduleOf(jobs);
    } catch (error) {
      return answers.write(this.refused(jobs, error));
    }
    this.ledger.jobs += jobs.ns.length;
    const began = performance.now();
    held.running = new Running({
      loop: this.options.loop,
      module,
      jobs,
      answers,
      maxBytes: this.connection.info?.max_payload ?? 0,
      unwanted: (n) => this.unwanted.delete(`${held.submitter}.${n}`),
      ran: () => this.ran(held, began),
      busyMs: () => performance.now() - Math.max(began, this.lastAnswer),
    });
    return held.running.run();
  }

  /** A module is looked at once: what is loaded stays loaded. */
  private moduleOf({ path, code }: Jobs): Promise<string> {
    const key = `${code} ${path}`;
    let found = this.modules.get(key);
    if (found === undefined) {
      found = moduleUnder(this.options.root, { path, hash: code });
      this.modules.set(key, found);
      found.catch(() => this.modules.delete(key)); // the right files may come
    }
    return found;
  }

  private refused({ ns, path, name }: Jobs, error: unknown): Part {
    if (!(error instanceof JobVersionError)) {
      return { ...EMPTY, last: true, failed: ns.map((n) => [n, packError(error)]) };
    }
    this.ledger.refused += ns.length;
    this.options.say(`refused ${name} of ${path}: ${error.message}`);
    this.pausedUntil = performance.now() + REFUSED_MS;
    return { ...EMPTY, last: true, ns: [...ns], refused: `agent ${this.name}: ${error.message}` };
  }

  /** Each job that has no answer becomes a message of its own. */
  private async split(submitter: string, jobs: Jobs, answers: Answers): Promise<Stored> {
    for (const [at, n] of jobs.ns.entries()) {
      if (answers.has(n)) continue;
      const alone = encode({ ...jobs, ns: [n], inputs: [jobs.inputs[at]] });
      const message = `alone-${n}`;
      await this.store.client.publish(this.names.job(submitter, message), alone, {
        msgID: `${submitter}.${message}`,
      });
    }
    return answers.write({ ...EMPTY, last: true, split: true });
  }

  private late(submitter: string, { ns, name }: Jobs): void {
    this.ledger.late += ns.length;
    const why = 'another delivery has taken over';
    this.options.say(`an answer of ${name} came too late, and was refused: ${why}`);
    this.connection.publish(this.names.notes(submitter), encode({ what: 'late', ns, why }));
  }

  private async unstored(
    submitter: string,
    jobs: Jobs,
    delivery: JsMsg,
    error: unknown,
  ): Promise<void> {
    if (this.closing) return;
    if (!(error instanceof UnstoredError)) {
      this.options.say(`a message was given back: ${quote(error)}`);
      return delivery.nak(AGAIN_MS);
    }
    const why = `job ${jobs.name} of ${jobs.path}: the server would not store its answer (${error.message}): make room there`;
    this.options.say(why);
    const note = { what: 'unstored', ns: jobs.ns, why } as const;
    this.connection.publish(this.names.notes(submitter), encode(note));
    await this.connection.flush().catch(() => {});
    delivery.term();
  }

  private cancel(bytes: Uint8Array): void {
    let asked;
    try {
      asked = readCancel(bytes);
    } catch (error) {
      this.ledger.garbage++;
      return this.options.say((error as Error).message);
    }
    const { submitter, n, why } = asked;
    for (const held of this.held) {
      if (held.submitter === submitter) held.running?.cancel(n, why);
    }
    this.unwanted.add(`${submitter}.${n}`);
    if (this.unwanted.size <= MOST_UNWANTED) return;
    const [oldest] = this.unwanted;
    this.unwanted.delete(oldest as string);
  }
}

function poisoned({ ns, name, path }: Jobs, attempt: number): Part {
  const error = new PoisonedJobError(
    `job ${name} of ${path} was given up: its agent ended, or was cut off, each of the ${attempt - 1} times that it ran`,
    { jobs: 1 },
  );
  return { ...EMPTY, last: true, failed: ns.map((n) => [n, packError(error)]) };
}
