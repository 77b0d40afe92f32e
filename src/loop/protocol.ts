/**
 * Callbacks for a connection, instead of a task: what asyncio calls a protocol and a transport. It is the cheapest way to
 * serve one, as nothing is allocated for a read and nobody is woken.
 *
 *   connectionMade ─▶ dataReceived* ─▶ eofReceived? ─▶ connectionLost
 *                     pauseWriting, resumeWriting     whenever the peer takes less than is written
 *
 * The loop calls them one after the other, never from within a call of the transport. What a callback throws is told to
 * `onError` and closes its connection.
 */
import type { Address } from './io.js';
import type { Loop } from './policy.js';

export interface Protocol {
  connectionMade?(transport: Transport): void;
  /** They are there until it returns: copy what you keep, with `Buffer.from(bytes)` (`slice` of a Buffer is no copy). */
  dataReceived(bytes: Uint8Array): void;
  /** The peer has ended. Our side ends, too, unless it returns true. */
  eofReceived?(): boolean | void;
  /** The last call. Null where both sides have ended, or we have closed it. */
  connectionLost?(error: Error | null): void;
  /** So much is queued that no more should be written until `resumeWriting`. */
  pauseWriting?(): void;
  resumeWriting?(): void;
}

export type ProtocolFactory = (loop: Loop) => Protocol;

/** A TCP connection as its protocol has it. */
export interface Transport {
  readonly remote: Required<Address>;
  /**
   * Sends bytes, or queues them. What `dataReceived` was given may be written as it is; do not change other bytes before
   * they are sent. Throws StreamStateError after `end` or `close`.
   */
  write(bytes: Uint8Array): void;
  /** Half-close: sends what is queued, then the end. */
  end(): void;
  /** Closes both ways at once; what is queued is lost. */
  close(): void;
  /** No `dataReceived` until `resumeReading`. */
  pauseReading(): void;
  resumeReading(): void;
}
