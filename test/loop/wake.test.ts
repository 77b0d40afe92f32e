import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { microtask, queue, uv, virtual, type LoopPolicy } from 'loopdyno';

const policies: LoopPolicy[] = [microtask, queue, virtual];
if ((await uv.probe()).ok) policies.push(uv);

describe.each(policies)('$name', (policy) => {
  it('is woken by a message from another thread while it has nothing to do', async () => {
    const loop = await policy.open();
    const worker = new Worker(
      "const { parentPort } = require('worker_threads'); parentPort.on('message', (n) => parentPort.postMessage(n + 1))",
      { eval: true },
    );
    const answer = loop.future<number>();
    worker.on('message', (n: number) => loop.wake(() => answer.setResult(n)));
    const got = await loop.run(function* () {
      worker.postMessage(41);
      return yield* answer;
    });
    expect(got).toBe(42);
    await worker.terminate();
    await loop.close();
  });

  it('goes on when onError throws, and says so', async () => {
    const warnings: string[] = [];
    const listen = (warning: Error): void => void warnings.push(warning.message);
    process.on('warning', listen);
    const loop = await policy.open({
      onError: () => {
        throw new Error('the sink is broken');
      },
    });
    const log: string[] = [];
    loop.callSoon(() => {
      throw new Error('x');
    });
    loop.callSoon(() => log.push('next'));
    await loop.run(() => loop.io.sleep(1));
    await loop.close();
    await new Promise((resolve) => setImmediate(resolve)); // warnings come in a tick
    process.off('warning', listen);
    expect(log).toEqual(['next']);
    expect(warnings).toEqual(['a callback threw', 'onError threw']);
  });
});
