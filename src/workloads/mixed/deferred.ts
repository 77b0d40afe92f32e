/**
 * `deferred` (mixed): an HTTP server under the policy answers at once and submits some 0.2 ms of CPU work behind the
 * answer, which `workers` runs elsewhere. The client is in a process of its own (`deferred-client.ts`), with eight
 * connections and one request at a time on each. The next request is not read before the work behind the last is done,
 * which holds the client back.
 *
 *   contestant                                           client
 *   start ── { open: port, connections } ───────────────▶ connects
 *   verify ─ { sample: n } ─────────────────────────────▶ n requests ──▶ { digest } of the answers
 *   batch ── { keep: true } ────────────────────────────▶ keeps asking: no message for each batch,
 *            counts the work that is done                  since the contestant itself can count
 *   rest ─── { rest: true } ────────────────────────────▶ until all are answered ──▶ { latency }
 *
 * A job is an answer and its work. Its latency is what the client waited for the answer alone.
 */
import { createHash } from 'node:crypto';
import { LoopdynoError, quote } from '../../loop/errors.js';
import type { Future } from '../../loop/future.js';
import type { Stream } from '../../loop/io.js';
import type { Coroutine, Loop } from '../../loop/policy.js';
import { portable } from '../../loop/portable.js';
import type { Task } from '../../loop/task.js';
import { seeded } from '../../stats/random.js';
import { Lines } from '../../workload/lines.js';
import type { Latency, Session, Workload } from '../../workload/workload.js';
import type { Response } from '../http/response.js';
import { serveHttp, type HttpServer, type Request } from '../http/server.js';
import { sha256 } from '../cpu/sha256.js';

const CONNECTIONS = 8;
/** Pieces of work, each requested once in the verified sample. */
export const PIECES = 16;

/** Hashes in the work behind an answer: some 0.2 ms. */
const LINKS = 300;

export const workBehind = portable(import.meta.url, 'workBehind', function* (_loop, start: string) {
  const hash = Buffer.from(start, 'hex');
  for (let i = 0; i < LINKS; i++) sha256(hash, hash);
  return hash.toString('hex');
});

/** The work behind an answer gave a different result than when it was verified. */
export class DeferredWorkError extends LoopdynoError {}

export const deferred: Workload = {
  name: 'deferred',
  kind: 'mixed',
  summary: `HTTP server that answers at once and works behind it, ${CONNECTIONS} connections, the client in a process of its own`,
  cases: [{}],
  fixture: {
    module: new URL('../../fixture/deferred-client.js', import.meta.url).href,
    export: 'openDeferredClient',
  },
  *start(loop, { seed, facts, latency }) {
    const session = new DeferredSession(loop, seed, latency);
    const server = yield* serveHttp(loop, { port: 0 }, session.answer);
    const control = yield* loop.io.connect({ port: Number(facts['port']) });
    yield* session.open(server, control);
    return session;
  },
};

class DeferredSession implements Session {
  readonly concurrency = CONNECTIONS;
  done = 0;
  private readonly loop: Loop;
  private readonly latency: Latency;
  private readonly inputs: readonly string[];
  private readonly verified: string[] = [];
  private server: HttpServer | null = null;
  private control: Stream | null = null;
  private client: Lines | null = null;
  /** The client's message when it is at rest, or when it fails before that; null at rest. */
  private word: Task<{ latency: number[] }> | null = null;
  /** Answers whose work is not done. */
  private underWay = 0;
  private idle: Future<void> | null = null;
  private goal = Infinity;
  private reached: Future<void> | null = null;

  constructor(loop: Loop, seed: number, latency: Latency) {
    this.loop = loop;
    this.latency = latency;
    const random = seeded(seed);
    const start = (): string =>
      createHash('sha256')
        .update(`${random.int(0, 2 ** 30)}`)
        .digest('hex');
    this.inputs = Array.from({ length: PIECES }, start);
  }

  *open(server: HttpServer, control: Stream): Coroutine<void> {
    this.server = server;
    this.control = control;
    this.client = new Lines(control);
    yield* this.client.ask({ open: server.port, connections: CONNECTIONS });
  }

  /** The handler: returns when the work is done, and only then is the next request read. */
  readonly answer = (request: Request, response: Response): Coroutine<void> =>
    this.answerThenWork(Number(request.url.slice('/work/'.length)), response);

  *verify(): Coroutine<string> {
    const { digest } = yield* (this.client as Lines).ask<{ digest: string }>({ sample: PIECES });
    yield* this.allDone();
    this.done = 0;
    const hash = createHash('sha256').update([digest, ...this.verified].join('\n'));
    return hash.digest('hex').slice(0, 16);
  }

  *batch(jobs: number): Coroutine<void> {
    this.goal = this.done + jobs;
    this.reached = this.loop.future<void>();
    if (this.word === null) {
      const client = this.client as Lines;
      yield* client.send({ keep: true });
      const word = this.loop.spawn(() => client.expect<{ latency: number[] }>());
      word.onDone(() => word.hasError && this.fail(word.error()));
      this.word = word;
    }
    yield* this.reached;
  }

  *rest(): Coroutine<void> {
    if (this.word === null) return;
    yield* (this.client as Lines).send({ rest: true });
    const { latency } = yield* this.word;
    this.word = null;
    this.latency.add(latency);
    yield* this.allDone();
  }

  *close(): Coroutine<void> {
    this.control?.close();
    if (this.server !== null) yield* this.server.close();
  }

  private *answerThenWork(piece: number, response: Response): Coroutine<void> {
    this.underWay++;
    try {
      yield* response.send(200, `accepted ${piece}`);
      const result = yield* this.loop.submit(workBehind, this.inputs[piece] as string);
      const due = (this.verified[piece] ??= result);
      if (result !== due) {
        const what = `piece ${piece} gave ${quote(result)}, but ${quote(due)} when it was verified`;
        throw new DeferredWorkError(`${what}: work must give the same result each time`);
      }
      if (++this.done >= this.goal) {
        this.goal = Infinity;
        this.reached?.offer();
      }
    } catch (error) {
      this.fail(error);
      throw error;
    } finally {
      if (--this.underWay === 0) this.idle?.offer();
    }
  }

  private *allDone(): Coroutine<void> {
    if (this.underWay === 0) return;
    this.idle = this.loop.future<void>();
    yield* this.idle;
  }

  private fail(error: unknown): void {
    this.reached?.offerError(error);
  }
}
