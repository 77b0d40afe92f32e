/**
 * What runs in a worker thread. piscina starts the thread and calls `serve` once; from then on the
 * pool speaks over a port of its own.
 *
 * An idle thread may block in `Atomics.wait` until the pool increments a shared cell, and then takes its messages from
 * the port by hand. The kernel wakes it directly, without its event loop; this is piscina's invention. Meanwhile the
 * thread's event loop (idle sockets, timers nobody waits for) stands still.
 */
import { receiveMessageOnPort } from 'node:worker_threads';
import { openInner } from '../inner-loop.js';
import { Ready, type FromWorker, type ToWorker } from '../pool/protocol.js';
import { PoolWorker, type PoolChannel } from '../pool/worker.js';
import { printOver } from './printing.js';
import { LAST_BEGUN, SENT, type ThreadSetup } from './thread-setup.js';

export async function serve(setup: ThreadSetup): Promise<void> {
  const { port, cells, inner, concurrency, atomics } = setup;
  printOver(port);
  const post = (message: FromWorker, transfer?: ArrayBuffer[]): void => {
    port.postMessage(message, transfer);
  };
  const channel: PoolChannel = {
    post,
    begun: (seq) => void Atomics.store(cells, LAST_BEGUN, seq),
    idle(waited) {
      const mayStop = atomics === 'auto' ? !waited : atomics === 'sync';
      // Not at once: promise reactions of the last job run first.
      if (mayStop) void resolved.then(waitForMessages);
    },
  };
  const worker = new PoolWorker(await openInner(inner), channel, concurrency);
  let seen = 0;
  const waitForMessages = (): void => {
    while (worker.idle) {
      Atomics.wait(cells, SENT, seen);
      // The cell is read before the port: what is sent in between is counted again, and never missed.
      seen = Atomics.load(cells, SENT);
      for (let it = receiveMessageOnPort(port); it; it = receiveMessageOnPort(port)) {
        worker.receive((it as { message: ToWorker }).message);
      }
    }
  };
  process.on('exit', () => worker.flush());
  port.on('message', (message: ToWorker) => worker.receive(message));
  post([Ready]);
}

const resolved = Promise.resolve();
