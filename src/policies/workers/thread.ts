/**
 * What runs in a worker thread. piscina starts the thread and calls `serve` once; from then on the
 * pool speaks over a port of its own.
 *
 * An idle thread may block until the pool increments a shared cell, and then takes its messages from the port by hand.
 * The kernel wakes it directly, without its event loop; this is piscina's invention. Meanwhile the thread's event loop
 * (idle sockets, timers nobody waits for) stands still.
 */
import { receiveMessageOnPort } from 'node:worker_threads';
import { openInner } from '../inner-loop.js';
import { Ready, type FromWorker, type ToWorker } from '../pool/protocol.js';
import { PoolWorker, type PoolChannel } from '../pool/worker.js';
import { Claims } from './claims.js';
import { printOver } from './printing.js';
import type { ThreadSetup } from './thread-setup.js';
import { Waiting } from './waiting.js';

export async function serve(setup: ThreadSetup): Promise<void> {
  const { port, sent, inner, concurrency, atomics } = setup;
  printOver(port);
  const claims = new Claims(setup.claims);
  const waiting = new Waiting(sent);
  const post = (message: FromWorker, transfer?: ArrayBuffer[]): void => {
    port.postMessage(message, transfer);
  };
  const channel: PoolChannel = {
    post,
    begin: (seq) => claims.claim(seq),
    idle(waited) {
      const mayStop = atomics === 'auto' ? !waited : atomics === 'sync';
      // Not at once: promise reactions of the last job run first.
      if (mayStop) void resolved.then(waitForMessages);
    },
  };
  const worker = new PoolWorker(await openInner(inner), channel, concurrency);
  const waitForMessages = (): void => {
    while (worker.idle) {
      waiting.wait();
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
