/** What a worker thread is given as it starts. */
import type { MessagePort } from 'node:worker_threads';
import type { Inner } from '../inner-loop.js';

export interface ThreadSetup {
  /** The way to and from the pool. */
  readonly port: MessagePort;
  /** Shared with the pool: how many messages it has sent, in one cell. */
  readonly sent: Int32Array;
  /** Shared with the pool: see claims.ts. */
  readonly claims: Int32Array;
  readonly inner: Inner;
  readonly concurrency: number;
  readonly atomics: 'auto' | 'sync' | 'async';
}

/** What a job printed, for descriptor 1 or 2 of the pool's process. */
export const Printed = 'printed';
export type PrintedMessage = readonly [type: typeof Printed, to: 1 | 2, bytes: Uint8Array];
