// Worker threads that end with everything live, in the way the argument names: by returning from
// their module with an open loop, by process.exit, or by terminate() from outside, under traffic.
// Afterwards: what of the addon's is alive in the process.
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { fileURLToPath } from 'node:url';
import { uv } from 'loopdyno';
import { loadNative } from '#dist/src/policies/uv/binding.js';

if (isMainThread) await lead(...process.argv.slice(2));
else await work(workerData);

async function lead(how, drive) {
  const workers = Array.from(
    { length: 8 },
    () => new Worker(fileURLToPath(import.meta.url), { workerData: { how, drive } }),
  );
  const exits = workers.map((worker) => new Promise((resolve) => worker.once('exit', resolve)));
  const ready = workers.map((worker) => new Promise((resolve) => worker.once('message', resolve)));
  await Promise.all(ready);
  if (how === 'terminate') for (const worker of workers) void worker.terminate();
  console.log((await Promise.all(exits)).join());
  console.log(JSON.stringify(loadNative().native.liveCounts()));
}

async function work({ how, drive }) {
  const loop = await uv.open({ drive });
  const job = function* () {
    const server = yield* loop.io.listen({ port: 0 }, function* (stream) {
      for (let bytes; (bytes = yield* stream.read()) !== null;) yield* stream.write(bytes);
    });
    const stream = yield* loop.io.connect({ port: server.port });
    loop.callLater(3_600_000, () => {});
    loop.spawn(function* () {
      for (;;) yield* loop.io.readFile(fileURLToPath(import.meta.url));
    });
    for (let round = 0; ; round++) {
      yield* stream.write(Buffer.alloc(10_000, round));
      yield* stream.read();
      if (round < 20) continue;
      if (round === 20) parentPort.postMessage('ready');
      if (how === 'exit' && round === 40) process.exit(7);
      if (how === 'return' && round === 40) {
        yield* server.close();
        stream.close();
        loop.stop();
        return;
      }
    }
  };
  // After `return`, the loop stays open and the reader of files has one in flight.
  await loop.run(job);
}
