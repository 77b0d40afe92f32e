/**
 * What runs in a worker thread. piscina starts the thread and calls `serve` once; from then on the
 * pool speaks over a port of its own.
 *
 * A thread that has nothing to do may stop in `Atomics.wait` until the pool counts up a shared cell,
 * and then take its messages from the port by hand: it is woken by the kernel and not by way of its
 * event loop, which is piscina's invention. What is left on that event loop (sockets kept alive,
 * timers nobody waits for) stands still meanwhile.
 */
import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { openInner, type Inner } from '../inner-loop.js';
import { Host, type Desk } from '../pool/host.js';
import { Ready, type FromWorker, type ToWorker } from '../pool/protocol.js';

/** Of the shared cells: messages sent to the thread, and the last job that it began. */
export const TO = 0;
export const BEGUN = 1;
export const CELLS = 2;

export interface Hello {
  readonly port: MessagePort;
  readonly cells: Int32Array;
  readonly inner: Inner;
  readonly concurrency: number;
  readonly atomics: 'auto' | 'sync' | 'async';
}

export async function serve(hello: Hello): Promise<void> {
  const { port, cells, inner, concurrency, atomics } = hello;
  const send = (message: FromWorker, transfer?: ArrayBuffer[]): void => {
    port.postMessage(message, transfer);
  };
  const desk: Desk = {
    post: send,
    begun: (seq) => void Atomics.store(cells, BEGUN, seq),
    idle(waited) {
      const may = atomics === 'auto' ? !waited : atomics === 'sync';
      // Not at once: promise reactions of the last job come first.
      if (may) void resolved.then(stop);
    },
  };
  const host = new Host(await openInner(inner), desk, concurrency);
  let seen = 0;
  const stop = (): void => {
    while (host.idle && !isPrinting()) {
      Atomics.wait(cells, TO, seen);
      // The cell is read before the port: what is sent in between is counted again, never missed.
      seen = Atomics.load(cells, TO);
      for (let it = receiveMessageOnPort(port); it; it = receiveMessageOnPort(port)) {
        host.receive((it as { message: ToWorker }).message);
      }
    }
  };
  process.on('exit', () => host.flush());
  port.on('message', (message: ToWorker) => host.receive(message));
  send([Ready]);
}

const resolved = Promise.resolve();

/** What a job has printed goes out through the event loop. */
function isPrinting(): boolean {
  return process.stdout.writableLength > 0 || process.stderr.writableLength > 0;
}
