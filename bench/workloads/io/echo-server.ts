/** The server of `echo-client`: on our own loop in C++ where the addon is built, else on `node:net`. */
import type { Stream } from '../../../src/loop/io.js';
import { microtask } from '../../../src/policies/microtask/index.js';
import { uv } from '../../../src/policies/uv/index.js';
import type { OpenFixture } from '../../../src/workload/workload.js';
import { MESSAGES_PER_JOB } from './echo-client.js';

export const openEchoServer: OpenFixture = async () => {
  const native = (await uv.probe()).ok;
  const loop = await (native ? uv : microtask).open();
  const before = process.cpuUsage();
  let bytesEchoed = 0;

  function* echo(stream: Stream) {
    for (let bytes = yield* stream.read(); bytes !== null; bytes = yield* stream.read()) {
      bytesEchoed += bytes.byteLength;
      yield* stream.write(bytes);
    }
  }

  const server = await loop.run(() => loop.io.listen({ port: 0 }, echo));
  const running = loop.runForever();
  return {
    facts: { port: server.port },
    async close() {
      loop.stop();
      await running;
      await loop.close();
      const { user, system } = process.cpuUsage(before);
      return {
        engine: native ? 'native' : 'node',
        unit: 'messages',
        perJob: MESSAGES_PER_JOB,
        handled: Math.round(bytesEchoed / 1024),
        cpuUs: user + system,
      };
    },
  };
};
