/**
 * Callbacks for a connection instead of a task, like asyncio's protocols and transports. This is the cheapest way to
 * serve a connection: a read allocates nothing and wakes no task.
 *
 *   connectionMade ─▶ dataReceived* ─▶ eofReceived? ─▶ connectionLost
 *                     pauseWriting, resumeWriting     whenever the peer takes less than is written
 *
 * The loop calls them one after the other, and none from within a call of the transport, except for `pauseWriting`,
 * which `write` calls. An error that a callback throws is reported to `onError` and closes its connection.
 */
import type { Address } from './io.js';
import type { Loop } from './policy.js';

export interface Protocol {
  connectionMade?(transport: Transport): void;
  /**
   * The bytes are valid until it returns: copy what you keep, with `Buffer.from(bytes)` (`slice` of a Buffer is no
   * copy).
   */
  dataReceived(bytes: Uint8Array): void;
  /** The peer has ended. Our side ends, too, unless this returns true. */
  eofReceived?(): boolean | void;
  /** The last call. `error` is null if both sides have ended, or if we have closed the connection. */
  connectionLost?(error: Error | null): void;
  /** Too much is queued: do not write more until `resumeWriting`. Called by `write`. */
  pauseWriting?(): void;
  resumeWriting?(): void;
}

export type ProtocolFactory = (loop: Loop) => Protocol;

/** A TCP connection as its protocol sees it. */
export interface Transport {
  readonly remote: Required<Address>;
  /**
   * Sends bytes, or queues them. Bytes from `dataReceived` may be written as they are; do not change other bytes before
   * they are sent. Throws StreamStateError after `end` or `close`.
   */
  write(bytes: Uint8Array): void;
  /** Half-close: sends what is queued, then the end. */
  end(): void;
  /** Closes both directions at once; what is queued is lost. */
  close(): void;
  /** Stops calls of `dataReceived` until `resumeReading`. */
  pauseReading(): void;
  resumeReading(): void;
}
