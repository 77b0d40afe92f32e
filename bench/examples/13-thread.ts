/**
 * A loop in a thread. Ordinary code sends it jobs and gets promises of their results. The loop in the thread sleeps
 * when there is nothing to do, and each job wakes it (see `loop-in-thread.ts`).
 */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Example } from './example.js';
import type { FromThread, ToThread } from './loop-in-thread.js';

/** The ordinary side: no coroutine in it. */
class LoopThread {
  private readonly worker = new Worker(new URL('./loop-in-thread.js', import.meta.url));
  private readonly waiting = new Map<number, (said: string) => void>();
  private jobs = 0;

  constructor() {
    this.worker.on('message', ({ job, said }: FromThread) => {
      this.waiting.get(job)?.(said);
      this.waiting.delete(job);
    });
  }

  nap(ms: number): Promise<string> {
    const job = this.jobs++;
    this.tell({ job, nap: ms });
    return new Promise((resolve) => this.waiting.set(job, resolve));
  }

  async close(): Promise<number> {
    const exited = once(this.worker, 'exit');
    this.tell('stop');
    const [code] = (await exited) as [number];
    return code;
  }

  private tell(message: ToThread): void {
    this.worker.postMessage(message);
  }
}

async function ordinary(say: (line: string) => void): Promise<void> {
  const thread = new LoopThread();
  // The second nap ends first: the loop in the thread runs both at once.
  const naps = [thread.nap(60), thread.nap(20)];
  say(await Promise.race(naps));
  for (const said of await Promise.all(naps)) say(said);
  say(`the thread ended with ${await thread.close()}`);
}

export const example: Example = {
  title: 'a loop in a worker thread, handed jobs by ordinary code',
  *main(loop, say) {
    yield* loop.adopt(ordinary(say));
  },
};
