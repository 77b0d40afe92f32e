import { InvalidArgumentError, quote } from '../../loop/errors.js';
import type { ConnectionHandler, Stream } from '../../loop/io.js';
import type { Loop } from '../../loop/policy.js';
import { isCoroutine, isThenable } from '../../loop/job.js';

/** Spawns the handler of a new connection; the connection is closed when the handler ends. */
export function serve(loop: Loop, stream: Stream, handler: ConnectionHandler): void {
  const { host, port } = stream.remote;
  loop.spawn(
    function* () {
      try {
        const outcome = handler(stream, loop);
        if (isCoroutine<void>(outcome)) yield* outcome;
        else if (isThenable<void>(outcome)) yield* loop.adopt(outcome);
        yield* stream.end(); // what the handler wrote goes out before the connection is closed
      } finally {
        stream.close();
      }
    },
    { name: `connection ${host}:${port}` },
  );
}

export function requireHandler(handler: unknown): void {
  if (typeof handler === 'function') return;
  throw new InvalidArgumentError(
    `listen() takes a connection handler, (stream, loop) => …, but got ${quote(handler)}`,
  );
}
