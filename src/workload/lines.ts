/** Lines of JSON over a loop's own stream. */
import { LoopdynoError } from '../loop/errors.js';
import type { Coroutine } from '../loop/policy.js';
import type { Stream } from '../loop/io.js';

/** The other end closed, or sent something that is not a line of JSON. */
export class LineProtocolError extends LoopdynoError {}

export class Lines {
  private readonly stream: Stream;
  private buffered = '';

  constructor(stream: Stream) {
    this.stream = stream;
  }

  *send(message: object): Coroutine<void> {
    yield* this.stream.write(Buffer.from(`${JSON.stringify(message)}\n`));
  }

  /** The next message, or null once the other end has closed. */
  *receive<T>(): Coroutine<T | null> {
    for (;;) {
      const end = this.buffered.indexOf('\n');
      if (end >= 0) {
        const line = this.buffered.slice(0, end);
        this.buffered = this.buffered.slice(end + 1);
        return JSON.parse(line) as T;
      }
      const bytes = yield* this.stream.read();
      if (bytes === null) return null;
      this.buffered += Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
    }
  }

  /** The next message. Throws if it is an `{ error }`, or if the other end has closed. */
  *expect<T extends object>(): Coroutine<T> {
    const message = yield* this.receive<T & { error?: string }>();
    if (message === null) throw new LineProtocolError('the other end closed before it answered');
    if (message.error !== undefined) throw new LineProtocolError(message.error);
    return message;
  }

  /** Sends a message and waits for its answer. */
  *ask<T extends object>(message: object): Coroutine<T> {
    yield* this.send(message);
    return yield* this.expect<T>();
  }
}
