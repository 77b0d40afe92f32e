/**
 * Where an agent stores what became of a message of jobs. Each message has a subject of its own for its answer, and
 * every write to it names the last write that it follows. So the server itself lets only one delivery through:
 *
 *   delivery 1 ──(after nothing)──────────────▶ refused, if delivery 2 has written meanwhile
 *   delivery 2 ──(after nothing) "I took over"─▶ stored at 7 ──(after 7) answer──▶ stored
 *
 * JetStream accepts the acknowledgement of an old delivery, so that alone would not do. A delivery acknowledges only
 * what it has stored, or has found stored, so nothing is lost either. An answer may have several parts: each follows
 * the one before. A write that nobody confirmed is looked up before it is repeated.
 */
import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream';
import { encode, readAnswer, type Answer } from './wire.js';

export type Part = Omit<Answer, 'v' | 'message' | 'attempt' | 'agent' | 'done'>;

/** `ours`: it is stored. `late`: another delivery has taken over, or has answered. */
export type Stored = 'ours' | 'late';

/** The server would not store an answer, for so long that it is not worth waiting. */
export class UnstoredError extends Error {}

const CONFIRM_MS = 2000;
const AGAIN_MS = 100;
/** How long an answer that the server refuses to store is offered again, in ms. */
const REFUSED_FOR_MS = 3000;
const WRONG_SEQUENCE = new Set([10_071, 10_164]);
const NONE_FOUND = 10_037;

export interface Store {
  readonly client: JetStreamClient;
  readonly manager: JetStreamManager;
  readonly stream: string;
  readonly agent: string;
  readonly closing: boolean;
}

export class Answers {
  private readonly store: Store;
  private readonly subject: string;
  private readonly message: string;
  private readonly attempt: number;
  /** The stream's number of the last write of this subject. */
  private after = 0;
  /** Jobs that have an answer in the store. */
  private readonly done = new Set<number>();

  constructor(store: Store, subject: string, message: string, attempt: number) {
    this.store = store;
    this.subject = subject;
    this.message = message;
    this.attempt = attempt;
  }

  /** From here on only this delivery writes; `late` if there is an answer already. */
  async takeOver(): Promise<Stored> {
    for (;;) {
      const last = await this.last();
      if (last !== null && (last.part.last || last.part.attempt > this.attempt)) return 'late';
      if (last?.part.attempt === this.attempt) return 'ours';
      const stored = await this.write(EMPTY);
      if (stored === 'ours') return stored; // otherwise it is looked at again, who was faster
    }
  }

  has(n: number): boolean {
    return this.done.has(n);
  }

  /** The part as a message. Throws, as V8 does, if a value in it cannot be copied. */
  encoded(part: Part): Buffer {
    const { message, attempt, done } = this;
    return encode({ ...part, message, attempt, agent: this.store.agent, done: [...done] });
  }

  /** Stores one part. Throws an UnstoredError if the server refuses. */
  async write(part: Part, bytes = this.encoded(part)): Promise<Stored> {
    const { client } = this.store;
    let refusedSince: number | null = null;
    for (;;) {
      try {
        const expect = { lastSubjectSequence: this.after };
        const { seq } = await client.publish(this.subject, bytes, { expect, timeout: CONFIRM_MS });
        this.after = seq;
        this.add(part);
        return 'ours';
      } catch (error) {
        const { code, status, message: why } = error as Error & { code?: number; status?: number };
        if (code !== undefined && WRONG_SEQUENCE.has(code)) return this.wrote(part, bytes);
        if (this.store.closing) throw error;
        // Without a status nobody answered: the server is away, and will come back.
        if (typeof status === 'number') {
          refusedSince ??= performance.now();
          if (performance.now() - refusedSince > REFUSED_FOR_MS) throw new UnstoredError(why);
        }
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      }
    }
  }

  /** Whether the last write was this very one, whose confirmation was lost. */
  private async wrote(part: Part, bytes: Uint8Array): Promise<Stored> {
    const last = await this.last(false);
    if (last === null || !Buffer.from(bytes).equals(last.bytes)) return 'late';
    this.after = last.seq;
    this.add(part);
    return 'ours';
  }

  private add({ ns, failed }: Pick<Part, 'ns' | 'failed'>): void {
    for (const n of ns) this.done.add(n);
    for (const [n] of failed) this.done.add(n);
  }

  private async last(follow = true): Promise<Last | null> {
    const { manager, stream } = this.store;
    for (;;) {
      try {
        const found = await manager.streams.getMessage(stream, { last_by_subj: this.subject });
        if (found === null) return null;
        const part = readOr(found.data, NOBODYS);
        if (follow) {
          this.after = found.seq;
          for (const n of part.done) this.done.add(n);
          if (part.refused === null) this.add(part);
        }
        return { part, seq: found.seq, bytes: found.data };
      } catch (error) {
        if ((error as { code?: unknown }).code === NONE_FOUND) return null;
        if (this.store.closing) throw error;
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      }
    }
  }
}

interface Last {
  readonly part: Answer;
  readonly seq: number;
  readonly bytes: Uint8Array;
}

function readOr(bytes: Uint8Array, otherwise: Answer): Answer {
  try {
    return readAnswer(bytes);
  } catch {
    return otherwise;
  }
}

/** A part without an outcome, which says who is at work. */
export const EMPTY: Part = {
  last: false,
  busyMs: 0,
  ns: [],
  values: [],
  failed: [],
  refused: null,
  split: false,
};

/** In the place of a write that cannot be read: somebody else's, of which nothing follows. */
const NOBODYS: Answer = { ...EMPTY, v: 1, message: '', attempt: 0, agent: '', done: [] };
