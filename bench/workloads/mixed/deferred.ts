/**
 * `deferred` (mixed): an HTTP server under the policy answers at once and does the work behind its
 * answer: some 0.2 ms of CPU, submitted, so that under `workers` it goes elsewhere. A job is done
 * when its work is; its latency is the client's: what a server that is busy with work for later
 * makes others wait. The client is a process of its own (`deferred-client.ts`).
 *
 *   client ── GET /order/7 ─▶ server ── 202 ─▶ client        latency
 *                               └─ submit(work) … done       the next request of this connection is
 *                                                            read: work cannot pile up
 */
import { createHash } from 'node:crypto';
import type { Coroutine, Future } from '../../../src/loop/future.js';
import type { Loop } from '../../../src/loop/policy.js';
import { LoopdynoError } from '../../../src/loop/errors.js';
import { Lines } from '../../../src/workload/lines.js';
import type { Latency, Session, Workload } from '../../../src/workload/workload.js';
import { serveHttp, type Reply } from '../../http/server.js';
import { hashChain } from '../cpu/sha256-chain.js';

const CONNECTIONS = 8;
export const ORDERS = 16;
export const PATH = '/order/';

/** Work behind an answer gave another result than when it was verified. */
export class DeferredWorkError extends LoopdynoError {}

export function answerTo(order: number): string {
  return `accepted order ${order}\n`;
}

class DeferredSession implements Session {
  readonly concurrency = CONNECTIONS;
  done = 0;
  private readonly loop: Loop;
  private readonly client: Lines;
  private readonly latency: Latency;
  private readonly shut: () => Coroutine<void>;
  private readonly verified: string[] = [];
  private working = false;
  private goal = Infinity;
  private reached: Future<void> | null = null;
  private failure: unknown = null;
  /** Work under way, and who waits for there being none. */
  private under = 0;
  private idle: Future<void> | null = null;

  constructor(loop: Loop, client: Lines, latency: Latency, shut: () => Coroutine<void>) {
    this.loop = loop;
    this.client = client;
    this.latency = latency;
    this.shut = shut;
  }

  /** What the server does with a request. */
  *serve(url: string): Coroutine<Reply> {
    const order = Number(url.slice(PATH.length)) % ORDERS;
    return { status: 202, body: answerTo(order), after: () => this.work(order) };
  }

  *verify(): Coroutine<string> {
    for (let order = 0; order < ORDERS; order++) {
      this.verified.push(yield* this.loop.submit(hashChain, startOf(order)));
    }
    const { bodies } = yield* this.client.ask<{ bodies: string }>({ sample: ORDERS });
    yield* this.rest();
    this.done = 0;
    const all = `${bodies}\n${this.verified.join('\n')}`;
    return createHash('sha256').update(all).digest('hex').slice(0, 16);
  }

  *batch(jobs: number): Coroutine<void> {
    if (this.failure !== null) throw this.failure;
    this.goal = this.done + jobs;
    this.reached = this.loop.future<void>();
    if (!this.working) yield* this.client.send({ work: true });
    this.working = true;
    yield* this.reached;
  }

  /** The client's connections are idle only when the work behind their last answers is done. */
  *rest(): Coroutine<void> {
    this.working = false;
    const { latency } = yield* this.client.ask<{ latency: number[] }>({ rest: true });
    this.latency.add(latency);
    while (this.under > 0) {
      this.idle = this.loop.future<void>();
      yield* this.idle;
    }
  }

  *close(): Coroutine<void> {
    yield* this.shut();
  }

  private *work(order: number): Coroutine<void> {
    this.under++;
    try {
      const result = yield* this.loop.submit(hashChain, startOf(order));
      if (result !== this.verified[order]) {
        throw new DeferredWorkError(`the work of order ${order} gave ${result} this time`);
      }
      if (++this.done >= this.goal) this.reached?.offer();
    } catch (error) {
      this.failure = error;
      this.reached?.offerError(error);
    } finally {
      if (--this.under === 0) this.idle?.offer();
    }
  }
}

function startOf(order: number): string {
  return order.toString(16).padStart(2, '0').repeat(32);
}

export const deferred: Workload = {
  name: 'deferred',
  kind: 'mixed',
  summary: `HTTP server that answers at once and works behind the answer, ${CONNECTIONS} connections`,
  cases: [{}],
  fixture: {
    module: new URL('./deferred-client.js', import.meta.url).href,
    export: 'openDeferredClient',
  },
  *start(loop, { facts, latency }) {
    let session: DeferredSession | null = null;
    const server = yield* serveHttp(loop, { port: 0 }, function* ({ url }): Coroutine<Reply> {
      return session === null ? { status: 503 } : yield* session.serve(url);
    });
    const stream = yield* loop.io.connect({ port: Number(facts['port']) });
    const client = new Lines(stream);
    yield* client.ask({ connect: server.port, connections: CONNECTIONS });
    session = new DeferredSession(loop, client, latency, function* () {
      yield* client.ask({ disconnect: true });
      stream.close();
      yield* server.close();
      yield* server.ended();
    });
    return session;
  },
};
