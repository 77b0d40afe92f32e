/**
 * What a job prints leaves its thread at once. Node passes output on chunk by chunk, each when the thread's event loop
 * learns that the last one was taken: a thread that is ended, or that does not return to its event loop, keeps the
 * rest. Over the port, output is as safe as a result that was posted.
 */
import type { MessagePort } from 'node:worker_threads';
import { Printed, type PrintedMessage } from './thread-setup.js';

export function printOver(port: MessagePort): void {
  for (const to of [1, 2] as const) {
    const stream: NodeJS.WriteStream = to === 1 ? process.stdout : process.stderr;
    const write: typeof stream._write = (chunk: Buffer | string, encoding, done) => {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk;
      // A private copy that can be moved: a Buffer may be a window on a shared slab.
      const own = new Uint8Array(bytes);
      port.postMessage([Printed, to, own] satisfies PrintedMessage, [own.buffer]);
      done();
    };
    // Corked writes, too, are posted one by one.
    Object.assign(stream, { _write: write, _writev: null });
  }
}

/** Prints the output of a job in the process of the pool. */
export function show([, to, bytes]: PrintedMessage): void {
  (to === 1 ? process.stdout : process.stderr).write(bytes);
}
