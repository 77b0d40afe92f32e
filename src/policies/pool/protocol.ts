/**
 * The messages between a pool and its workers. They are arrays, not objects, since a structured clone writes the keys
 * of every object again.
 *
 *   pool                                worker
 *   Load kind, module, export ─────────▶ Loading ─▶ (import) ─▶ Loaded
 *   Run  kind, first, inputs, flags ───▶ jobs first, first + 1, … ─▶ Done | Failed, in any order
 *   Cancel seq, message ───────────────▶ Failed seq, as cancelled
 *                                        Waiting: all of mine wait, I could take another
 *                                        Free: I have none, since you have taken them back
 *
 * A kind is a module and an export. The pool numbers the kinds, so that names cross only once per worker. A `seq`
 * numbers all jobs that one worker was ever given.
 */
import type { PackedError } from './packed-error.js';

export const Load = 0;
export const Run = 1;
export const Cancel = 2;

export type ToWorker =
  | readonly [type: typeof Load, kind: number, module: string, name: string]
  | readonly [type: typeof Run, kind: number, first: number, inputs: unknown[], flags: number]
  | readonly [type: typeof Cancel, seq: number, message: string];

/** Flag of Run: send Waiting when all jobs wait. */
export const REPORT_WAITING = 1;
/** Flag of Run: move the buffers of the result. */
export const MOVE = 2;
/** Flag of Run: report when each job began and ended. */
export const TIMED = 4;

export const Ready = 0;
export const Loading = 1;
export const Loaded = 2;
export const Done = 3;
export const Failed = 4;
export const Waiting = 5;
/** No jobs are left, and some of them had been taken back. */
export const Free = 7;
/** A process is about to end. It has begun its jobs up to `lastBegun`. */
export const Leaving = 6;

export type FromWorker =
  | readonly [type: typeof Ready]
  | readonly [type: typeof Loading, kind: number]
  | readonly [type: typeof Loaded, kind: number]
  | readonly [
      type: typeof Done,
      seqs: number[],
      values: unknown[],
      /** Whether any of them waited for the event loop. */
      waited: boolean,
      /** Ms in which the worker did only these jobs, if none of them waited. */
      busyMs: number,
      /** Pairs of times, for jobs that are timed. */
      stamps: number[],
    ]
  /** Without an error the job was cancelled; `left` if its async function still runs. */
  | readonly [type: typeof Failed, seq: number, error: PackedError | null, left: boolean]
  | readonly [type: typeof Waiting]
  | readonly [type: typeof Free]
  | readonly [type: typeof Leaving, lastBegun: number];

/** Jobs that a worker has in hand, at most; see also workers/claims.ts. A power of two. */
export const MOST_IN_HAND = 4096;

/** How a worker ended. */
export interface End {
  /** The last error that it threw, if known. */
  readonly error: Error | null;
  readonly code: number | null;
  readonly signal: string | null;
  readonly outOfMemory: boolean;
}

export interface LinkEvents {
  message(message: FromWorker): void;
  /** Called once, at the very end, when no message can come any more; not after `end()`. */
  ended(end: End): void;
}

/** The way to one worker: the part that differs between kinds of pools. It does not keep the host alive. */
export interface Link {
  /** Throws, without sending anything, if the message cannot be copied. */
  send(message: ToWorker, transfer?: readonly unknown[]): void;
  /** Jobs that have not begun can be taken back from a worker that lives. */
  readonly canTakeBack: boolean;
  /** Whether the worker has begun the job, or may have. */
  hasBegun(seq: number): boolean;
  /** True if the worker has not begun the job: then it never will. */
  takeBack(seq: number): boolean;
  /** Ends the worker at once, whatever it is doing; resolves when it is gone. */
  end(): Promise<void>;
}

export interface Transport {
  /** The name of a worker in messages: `worker thread`, `child process`. */
  readonly noun: string;
  open(events: LinkEvents): Link;
}
