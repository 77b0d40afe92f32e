/**
 * The connections of a server, so that a workload can wait until the last of them has ended: `server.close()` only
 * stops listening. For a server that must be gone when its workload is.
 */
import type { Future } from '../loop/future.js';
import type { Stream } from '../loop/io.js';
import type { Coroutine, Loop } from '../loop/policy.js';

export class Connections {
  private readonly loop: Loop;
  private open = 0;
  private lastEnded: Future<void> | null = null;

  constructor(loop: Loop) {
    this.loop = loop;
  }

  /** Runs a connection's handler, from its first byte until the connection is closed. */
  *serve(stream: Stream, body: Coroutine<void>): Coroutine<void> {
    this.open++;
    try {
      yield* body;
      yield* stream.end();
    } finally {
      stream.close();
      // Nothing is left to wait for: the task ends in this very step, before any waiter runs.
      if (--this.open === 0) this.lastEnded?.offer();
    }
  }

  /** Waits until no connection is open. */
  *ended(): Coroutine<void> {
    while (this.open > 0) {
      this.lastEnded = this.loop.future<void>();
      yield* this.lastEnded;
    }
  }
}
