/** The thread of `13-thread.ts`: a loop that runs until it is told to stop, and takes jobs meanwhile. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Coroutine, Loop } from '../../src/loop/policy.js';
import { queue } from '../../src/policies/queue/index.js';

export type ToThread = { job: number; nap: number } | 'stop';
export type FromThread = { job: number; said: string };

function* nap(loop: Loop, ms: number): Coroutine<string> {
  yield* loop.io.sleep(ms);
  return `slept ${ms} ms in a thread`;
}

const port = parentPort;
if (port === null) throw new Error(`${String(workerData)} is a thread's program`);
const loop = await queue.open();
port.on('message', (message: ToThread) => {
  if (message === 'stop') return loop.stop();
  // A message is not part of a turn: `wake` is how outside events reach a loop, even one that sleeps.
  loop.wake(() => {
    loop.spawn(function* () {
      const answer: FromThread = { job: message.job, said: yield* nap(loop, message.nap) };
      port.postMessage(answer);
    });
  });
});
await loop.runForever();
await loop.close();
port.close();
