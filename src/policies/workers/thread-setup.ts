/** What a worker thread is given as it starts. */
import type { MessagePort } from 'node:worker_threads';
import type { Inner } from '../inner-loop.js';

export interface ThreadSetup {
  /** The way to and from the pool. */
  readonly port: MessagePort;
  /** Shared with the pool. */
  readonly cells: Int32Array;
  readonly inner: Inner;
  readonly concurrency: number;
  readonly atomics: 'auto' | 'sync' | 'async';
}

/** What a job printed, for descriptor 1 or 2 of the pool's process. */
export const Printed = 'printed';
export type PrintedMessage = readonly [type: typeof Printed, to: 1 | 2, bytes: Uint8Array];

/** Indexes of the cells: how many messages the pool has sent, and the last job that the thread has begun. */
export const SENT = 0;
export const LAST_BEGUN = 1;
export const CELLS = 2;
