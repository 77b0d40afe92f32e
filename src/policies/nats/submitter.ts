/**
 * The submitter's side: jobs become messages, and answers settle jobs.
 *
 *   add ─▶ queue ─▶ (a microtask later, and with each answer) flush ─▶ message ─▶ courier ─▶ store ─▶ an agent
 *                       job.seq: its number, for ever                                          │
 *   the job settles ◀──────────────────────────────────────── answer, by number ◀──────────────┘
 *
 * Messages cost; jobs in one message cost little. So jobs that are known to be short wait while there are two messages
 * under way for each slot of the agents, for at most HOLD_MS: whatever gathers meanwhile shares the next message. Other
 * jobs go at once, one by one, so that every agent can take one.
 *
 * A job settles by the first answer that has its number. Answers are fenced in the store (see answers.ts), so that a
 * second one is rare; it is counted and dropped. What never comes has a deadline.
 */
import { Worker } from 'node:worker_threads';
import { hostNow } from '../../loop/clock.js';
import {
  JobStoreError,
  JobVersionError,
  TimeoutError,
  WorkerExitError,
} from '../../loop/errors.js';
import type { ErrorSink } from '../../loop/scheduler.js';
import { JobLine } from '../pool/job-line.js';
import type { Kind } from '../pool/kind.js';
import { unpackError, type PackedError } from '../pool/packed-error.js';
import type { AnyJob, Carrier } from '../pool/pool-job.js';
import type { JobQueue } from '../pool/pool-loop.js';
import { noTimings } from '../pool/timings.js';
import { inputError } from '../pool/worker-errors.js';
import { BatchSize } from './batch-size.js';
import type { Code } from './code.js';
import { Codes, type CodesOwner } from './codes.js';
import * as port from './courier-protocol.js';
import { newLedger } from './ledger.js';
import type { CheckedOptions } from './options.js';
import { Sent } from './sent.js';
import { ENVELOPE, tooLarge } from './too-large.js';
import { encode, readAnswer, readNote, type Answer } from './wire.js';

/** How long short jobs may wait for company, in ms. */
const HOLD_MS = 2;
/** The same for jobs of which none has been answered: the first ones show what the others are like. */
const FIRST_MS = 20;
/** Messages under way for each slot, while jobs are short: one runs, and one is on its way. */
const PER_SLOT = 2;
/** Jobs that an agent with other code gave back are sent again after this time, in ms, for so long. */
const REFUSED_MS = 100;
const REFUSED_FOR_MS = 5000;
const SWEEP_MS = 250;
const CLOSE_MS = 3000;

export class Submitter implements JobQueue, Carrier, CodesOwner {
  readonly timings = noTimings();
  readonly ledger = newLedger();
  onRoom: (() => void) | null = null;
  private readonly options: CheckedOptions;
  private readonly onError: ErrorSink;
  private readonly courier: Worker;
  private readonly queue = new JobLine();
  private queuedJobs = 0;
  private flushing = false;
  private holding: NodeJS.Timeout | null = null;
  private held = false;
  private closing = false;
  private slots: number;
  private numbers = 0;
  private readonly sent = new Sent();
  private readonly refusedSince = new Map<AnyJob, number>();
  private readonly codes: Codes;
  private readonly sizes = new Map<Kind, BatchSize>();
  private readonly sweeper = setInterval(() => this.sweep(), SWEEP_MS).unref();

  constructor(options: CheckedOptions, courier: Worker, onError: ErrorSink) {
    this.options = options;
    this.slots = options.slots;
    this.codes = new Codes(options.root, this);
    this.courier = courier;
    this.onError = onError;
    courier.on('message', (message: port.FromCourier) => this.receive(message));
    courier.once('error', (error) => this.broken(error));
    courier.unref();
  }

  get parallelism(): number {
    return this.slots;
  }

  get queued(): number {
    return this.queuedJobs;
  }

  add(job: AnyJob): void {
    job.carrier = this;
    this.ledger.submitted++;
    this.enqueue(job);
  }

  cancelled(job: AnyJob, message: string): void {
    this.ledger.cancelled++;
    if (job.seq === 0) {
      this.queuedJobs--; // the job stays in the ring, and is skipped there
      this.onRoom?.();
      return;
    }
    // It stays in the table until it is answered: then it is not taken for a doubled one.
    const why = message.slice(0, 1000);
    this.post([port.Cancel, encode({ submitter: this.options.submitter, n: job.seq, why })]);
  }

  private enqueue(job: AnyJob): void {
    job.seq = 0;
    this.queue.push(job);
    this.queuedJobs++;
    this.sweeper.ref();
    if (this.flushing) return;
    this.flushing = true;
    queueMicrotask(this.flush);
  }

  readonly flush = (): void => {
    this.flushing = false;
    for (let job = this.queue.next(); job !== undefined; job = this.queue.next()) {
      const code = this.codes.of(job);
      if (code === null) continue;
      const share = this.share(job.kind);
      if (share === 0) {
        this.queue.putBack([job]);
        break;
      }
      const jobs = this.queue.takeLike(job, share);
      this.queuedJobs -= jobs.length;
      this.send(jobs, code);
      this.onRoom?.();
    }
    this.held = false;
    if (this.queuedJobs === 0 && this.sent.isEmpty) this.sweeper.unref();
  };

  /** How many jobs of that kind may be sent now, in one message. */
  private share(kind: Kind): number {
    const { batch, maxInFlight } = this.options;
    const under = this.sent.messageCount;
    if (under >= maxInFlight) return 0;
    const { known, most: found } = this.sizeOf(kind);
    const most = batch === 'adaptive' ? found : batch;
    if (known && most === 1) return 1;
    const free = PER_SLOT * this.slots - under;
    if (free <= 0 && !this.held) {
      this.holding ??= setTimeout(this.letGo, known ? HOLD_MS : FIRST_MS);
      return 0;
    }
    return Math.min(most, Math.ceil(this.queuedJobs / Math.max(free, 1)));
  }

  private sizeOf(kind: Kind): BatchSize {
    let size = this.sizes.get(kind);
    if (size === undefined) this.sizes.set(kind, (size = new BatchSize()));
    return size;
  }

  /** What was held back is sent. */
  private readonly letGo = (): void => {
    this.holding = null;
    this.held = true;
    this.flush();
  };

  ready(jobs: readonly AnyJob[]): void {
    this.queue.putBack(jobs);
    this.flush();
  }

  without(jobs: readonly AnyJob[], error: unknown): void {
    for (const job of jobs) {
      if (job.done) continue;
      this.queuedJobs--;
      this.fail(job, error);
    }
    this.flush();
  }

  private send(jobs: readonly AnyJob[], code: Code): void {
    const { deadline } = this.options;
    const [{ kind }] = jobs as [AnyJob];
    const inputs = jobs.map((job) => job.input);
    for (const job of jobs) job.seq = ++this.numbers;
    const ns = jobs.map((job) => job.seq);
    const expires = Math.min(Date.now() + deadline, Number.MAX_SAFE_INTEGER);
    let bytes: Buffer;
    try {
      bytes = encode({ path: code.path, code: code.hash, name: kind.name, ns, inputs, expires });
    } catch (cause) {
      if (jobs.length === 1)
        this.fail(jobs[0] as AnyJob, inputError(kind, 'agent', cause as Error));
      else for (const job of jobs) this.send([job], code);
      return;
    }
    const most = this.options.maxBytes - ENVELOPE;
    if (bytes.length > most) return this.sendLarge(jobs, code, bytes.length, most);
    const now = hostNow();
    for (const job of jobs) job.sent = now;
    const name = String(ns[0]);
    this.sent.add(name, jobs);
    this.ledger.messages++;
    this.post([port.Send, name, bytes]);
  }

  private sendLarge(jobs: readonly AnyJob[], code: Code, bytes: number, most: number): void {
    if (jobs.length > 1) {
      const half = jobs.length >> 1;
      this.send(jobs.slice(0, half), code);
      this.send(jobs.slice(half), code);
      return;
    }
    const [job] = jobs as [AnyJob];
    this.fail(job, tooLarge(job.kind.label, 'its input', bytes, most));
  }

  private receive(message: port.FromCourier): void {
    try {
      switch (message[0]) {
        case port.Answered:
          return this.answered(readAnswer(message[1]));
        case port.Noted:
          return this.noted(message[1]);
        case port.Unsent:
          return this.unsent(message[1], message[2]);
        case port.Slots:
          this.slots = Math.max(1, message[1]);
          return this.flush();
        case port.Reconnected:
          this.ledger.reconnected++;
          return;
        case port.Trouble:
          return this.onError(new WorkerExitError(message[1]), 'the connection to NATS');
      }
    } catch (error) {
      this.onError(error, 'a message from NATS');
    }
  }

  private answered(answer: Answer): void {
    const { ns, values, failed, busyMs, last, refused, attempt } = answer;
    if (last) this.sent.dropMessage(answer.message);
    if (refused !== null) return this.refused(ns, refused);
    let kind: Kind | undefined;
    for (const [at, n] of ns.entries()) {
      const job = this.release(n);
      if (job === undefined) continue;
      ({ kind } = job);
      job.offer(values[at]);
    }
    for (const [n, error] of failed) {
      const job = this.release(n);
      if (job === undefined) continue;
      if (error === null) job.cancel('an agent ended it');
      else job.offerError(unpacked(error));
    }
    if (busyMs > 0 && kind !== undefined) this.sizeOf(kind).learn(ns.length, busyMs);
    if (attempt > 1 && !last && ns.length + failed.length === 0) this.ledger.redelivered++;
    this.flush();
  }

  /** An agent has other code: another one may have ours. */
  private refused(ns: readonly number[], why: string): void {
    const again: AnyJob[] = [];
    for (const n of ns) {
      const job = this.sent.take(n);
      if (job === undefined) continue;
      this.ledger.refused++;
      if (job.done) continue;
      const since = this.refusedSince.get(job) ?? hostNow();
      this.refusedSince.set(job, since);
      if (hostNow() - since < REFUSED_FOR_MS) again.push(job);
      else this.fail(job, new JobVersionError(`${job.kind.label}: ${why}`));
    }
    if (again.length === 0) return this.flush();
    setTimeout(() => {
      for (const job of again) if (!job.done) this.enqueue(job);
    }, REFUSED_MS);
  }

  private noted(bytes: Uint8Array): void {
    const { what, ns, why } = readNote(bytes);
    if (what === 'late') this.ledger.late += ns.length;
    else for (const n of ns) this.release(n)?.offerError(new JobStoreError(why));
  }

  private unsent(name: string, why: string): void {
    for (const job of this.sent.takeMessage(name)) {
      if (job.done) continue;
      const text = `${job.kind.label}: the server would not store it (${why})`;
      this.fail(
        job,
        new JobStoreError(`${text}: make room there, or submit more slowly (see maxQueue)`),
      );
    }
    this.flush();
  }

  /** The job with that number, which is answered now; undefined if it needs no answer. */
  private release(n: number): AnyJob | undefined {
    const job = this.sent.take(n);
    if (job === undefined) {
      this.ledger.doubled++;
      return undefined;
    }
    if (job.done) return undefined; // cancelled
    this.ledger.answered++;
    this.refusedSince.delete(job);
    job.carrier = null;
    job.input = undefined;
    return job;
  }

  private fail(job: AnyJob, error: unknown): void {
    this.ledger.unsent++;
    this.refusedSince.delete(job);
    job.carrier = null;
    job.offerError(error);
  }

  /** Jobs whose deadline has passed. */
  private sweep(): void {
    for (const job of this.sent.takeBefore(hostNow() - this.options.deadline)) {
      if (job.done) continue;
      this.ledger.lost++;
      job.carrier = null;
      const why = `no answer within ${this.options.deadline} ms`;
      this.post([port.Cancel, encode({ submitter: this.options.submitter, n: job.seq, why })]);
      job.offerError(
        new TimeoutError(`${job.kind.label}: ${why}: look whether agents run, or raise deadline`),
      );
    }
    if (this.queuedJobs > 0) this.flush();
  }

  private post(message: port.ToCourier): void {
    this.courier.postMessage(message);
  }

  /** Nothing will come any more: whoever waits is told. */
  broken(error: Error): void {
    if (this.closing) return;
    const gone = (): Error => new WorkerExitError(`nats has ended: ${error.message}`);
    for (const job of this.sent.takeBefore(Infinity)) if (!job.done) this.fail(job, gone());
    for (let job = this.queue.next(); job !== undefined; job = this.queue.next())
      this.fail(job, gone());
    this.queuedJobs = 0;
  }

  async close(): Promise<void> {
    this.closing = true;
    for (let job = this.queue.next(); job !== undefined; job = this.queue.next()) job.cancel();
    if (this.holding !== null) clearTimeout(this.holding);
    clearInterval(this.sweeper);
    this.courier.ref();
    const gone = new Promise((resolve) => this.courier.once('exit', resolve));
    const late = setTimeout(() => void this.courier.terminate(), CLOSE_MS);
    this.post([port.Close]);
    await gone;
    clearTimeout(late);
  }
}

/** What an agent sent may be anything: then it is an error of its own. */
function unpacked(error: object): unknown {
  try {
    return unpackError(error as PackedError);
  } catch (cause) {
    return new WorkerExitError('an agent sent an error that cannot be read', { cause });
  }
}
