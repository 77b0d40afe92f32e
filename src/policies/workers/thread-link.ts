/**
 * Worker threads, by piscina: it starts them with what they need, and ends them. Each thread has a piscina pool of its
 * own: a piscina pool in which one thread has failed at its start replaces no more threads, and its queue then hangs.
 *
 * Jobs do not go through `piscina.run` but over a port that piscina hands to the thread. This costs less (see
 * docs/pool.md for the figures), a result that cannot be copied fails only its own job and not the thread, and a thread
 * can return results one by one and be told to cancel a job.
 */
import type { Piscina as PiscinaClass } from 'piscina';
import { fileURLToPath } from 'node:url';
import { MessageChannel, type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import {
  Run,
  type End,
  type FromWorker,
  type Link,
  type LinkEvents,
  type ToWorker,
  type Transport,
} from '../pool/protocol.js';
import { CLAIMS, Claims } from './claims.js';
import { show } from './printing.js';
import { Printed, type PrintedMessage, type ThreadSetup } from './thread-setup.js';

type Piscina = PiscinaClass<ThreadSetup, void>;
type Thread = Piscina['threads'][number];

export type ThreadOptions = Pick<ThreadSetup, 'inner' | 'concurrency' | 'atomics'> & {
  readonly resourceLimits: object | undefined;
  readonly env: object | symbol | undefined;
  readonly execArgv: string[] | undefined;
};

export class Threads implements Transport {
  readonly noun = 'worker thread';
  private readonly options: ThreadOptions;
  private readonly Pool: typeof PiscinaClass;

  constructor(Pool: typeof PiscinaClass, options: ThreadOptions) {
    this.Pool = Pool;
    this.options = options;
  }

  open(events: LinkEvents): Link {
    const { resourceLimits, env, execArgv } = this.options;
    const pool: Piscina = new this.Pool<ThreadSetup, void>({
      filename: fileURLToPath(new URL('./entry.cjs', import.meta.url)),
      minThreads: 1,
      maxThreads: 1,
      atomics: 'disabled', // the thread's own waiting is in thread.ts
      taskQueue: new this.Pool.FixedQueue(), // the default queue is shared by all pools of the process
      recordTiming: false,
      ...(resourceLimits === undefined ? {} : { resourceLimits }),
      ...(env === undefined ? {} : { env: env as never }),
      ...(execArgv === undefined ? {} : { execArgv }),
    });
    return new ThreadLink(pool, this.options, events);
  }
}

class ThreadLink implements Link {
  readonly canTakeBack = true;
  private readonly pool: Piscina;
  private readonly port: MessagePort;
  private readonly sent = new Int32Array(new SharedArrayBuffer(4));
  private readonly claims: Claims;
  private readonly events: LinkEvents;
  private over = false;
  private failure: Error | null = null;

  constructor(pool: Piscina, options: ThreadOptions, events: LinkEvents) {
    const { inner, concurrency, atomics } = options;
    const { port1, port2 } = new MessageChannel();
    this.pool = pool;
    this.port = port1;
    this.events = events;
    port1.on('message', this.receive);
    port1.unref();
    const [thread] = pool.threads as [Thread];
    thread.once('error', (error: Error) => (this.failure ??= error));
    thread.once('exit', (code: number) => this.exited(code));
    // Emitted for a thread that ends with none of piscina's tasks. It is ignored, since this link listens to the thread
    // itself.
    pool.on('error', () => {});
    const claims = new Int32Array(new SharedArrayBuffer(4 * CLAIMS)).fill(-1);
    this.claims = new Claims(claims);
    const setup = { port: port2, sent: this.sent, claims, inner, concurrency, atomics };
    pool.run(setup, { transferList: [port2] }).catch((error: Error) => {
      this.failure ??= error;
      void thread.terminate(); // it ends by itself, or else could not serve
    });
  }

  send(message: ToWorker, transfer: readonly unknown[] = []): void {
    if (message[0] === Run) {
      const [, , first, inputs] = message;
      for (let i = 0; i < inputs.length; i++) this.claims.offer(first + i);
    }
    this.port.postMessage(message, transfer as []);
    Atomics.add(this.sent, 0, 1);
    Atomics.notify(this.sent, 0);
  }

  hasBegun(seq: number): boolean {
    return !this.claims.offered(seq);
  }

  takeBack(seq: number): boolean {
    return this.claims.claim(seq);
  }

  async end(): Promise<void> {
    this.over = true;
    await this.pool.destroy();
    this.receiveRest();
    this.port.close();
  }

  private readonly receive = (message: FromWorker | PrintedMessage): void => {
    if (message[0] === Printed) show(message);
    else if (!this.over) this.events.message(message);
  };

  /** Receives what a thread had posted before it ended. */
  private receiveRest(): void {
    for (let it = receiveMessageOnPort(this.port); it; it = receiveMessageOnPort(this.port)) {
      this.receive((it as { message: FromWorker | PrintedMessage }).message);
    }
  }

  private exited(code: number): void {
    if (this.over) return;
    this.receiveRest();
    if (this.over) return; // one of these messages ended it
    this.over = true;
    this.port.close();
    void this.pool.destroy(); // piscina has started another thread, which is not needed
    const { failure } = this;
    const end: End = {
      error: failure,
      code,
      signal: null,
      outOfMemory: (failure as NodeJS.ErrnoException | null)?.code === 'ERR_WORKER_OUT_OF_MEMORY',
    };
    this.events.ended(end);
  }
}
