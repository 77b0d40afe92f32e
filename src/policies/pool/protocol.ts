/**
 * What a pool and its workers say to each other. Arrays, not objects: a structured clone writes the
 * keys of every object anew.
 *
 *   pool                                worker
 *   Load kind, module, export ─────────▶ Loading ─▶ (import) ─▶ Loaded
 *   Run  kind, first, inputs, flags ───▶ jobs first, first + 1, … ─▶ Done | Failed, in any order
 *   Cancel seq, message ───────────────▶ Failed seq, as cancelled
 *                                        Waiting: all of mine wait, I could take another
 *
 * A kind is a module and an export, numbered by the pool so that names cross once per worker. A seq
 * numbers the jobs that one worker was ever given.
 */
import type { PackedError } from './packed-error.js';

export const Load = 0;
export const Run = 1;
export const Cancel = 2;

export type ToWorker =
  | readonly [type: typeof Load, kind: number, module: string, name: string]
  | readonly [type: typeof Run, kind: number, first: number, inputs: unknown[], flags: number]
  | readonly [type: typeof Cancel, seq: number, message: string];

/** Flags of Run: send Waiting when all jobs wait. */
export const REPORT_WAITING = 1;
/** Move the buffers of the result. */
export const MOVE = 2;
/** Send when each job began and ended. */
export const TIMED = 4;

export const Ready = 0;
export const Loading = 1;
export const Loaded = 2;
export const Done = 3;
export const Failed = 4;
export const Waiting = 5;
/** A process is about to end; of its jobs it has begun those up to that one. */
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
      /** Ms in which the worker did these and nothing else, where none of them waited. */
      busyMs: number,
      /** Pairs, of the jobs that are timed. */
      stamps: number[],
    ]
  /** Without an error it was cancelled; `left` when its async function runs on all the same. */
  | readonly [type: typeof Failed, seq: number, error: PackedError | null, left: boolean]
  | readonly [type: typeof Waiting]
  | readonly [type: typeof Leaving, lastBegun: number];

/** How a worker came to its end. */
export interface End {
  /** What it threw last, where that is known. */
  readonly error: Error | null;
  readonly code: number | null;
  readonly signal: string | null;
  readonly outOfMemory: boolean;
}

export interface LinkEvents {
  message(message: FromWorker): void;
  /** Once, at the very end, when no message can come any more; not after `end()`. */
  ended(end: End): void;
}

/** The way to one worker: all that a kind of pool has of its own. It does not keep the host alive. */
export interface Link {
  /** Throws, having sent nothing, when the message cannot be copied. */
  send(message: ToWorker, transfer?: readonly unknown[]): void;
  /** The last job that the worker began, where that is known: later ones were never touched. */
  readonly lastBegun: number | null;
  /** Ends the worker, at once and whatever it is doing; resolves when it is gone. */
  end(): Promise<void>;
}

export interface Transport {
  /** As messages call a worker: `worker thread`, `child process`. */
  readonly noun: string;
  open(events: LinkEvents): Link;
}
