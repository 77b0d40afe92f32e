/**
 * The site of the HTTP workloads: the fixture process with the server. It answers local clients that
 * are known to be well-behaved, so it looks for the blank line and the path and for nothing else:
 * `node:http` would cost as much per request as the client that is measured. It runs on the native
 * loop where the addon is built.
 */
import type { Coroutine } from '../../../src/loop/future.js';
import type { Stream } from '../../../src/loop/io.js';
import { microtask } from '../../../src/policies/microtask/index.js';
import { uv } from '../../../src/policies/uv/index.js';
import type { Fixture, OpenFixture } from '../../../src/workload/workload.js';
import { makeSite } from './pages.js';

interface Prepared {
  readonly bytes: Buffer;
  readonly serviceMs: number;
}

/** `requestsPerJob` is what the workload asks of the site for one job. */
export async function openSite(seed: number, requestsPerJob: number): Promise<Fixture> {
  const site = new Map<string, Prepared>();
  for (const [path, { body, type, serviceMs }] of makeSite(seed)) {
    const head = `HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n`;
    site.set(path, { bytes: Buffer.from(head + body), serviceMs });
  }
  const missing = Buffer.from('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n');
  const native = (await uv.probe()).ok;
  const loop = await (native ? uv : microtask).open();
  let handled = 0;

  function* serve(stream: Stream): Coroutine<void> {
    let text = '';
    for (let bytes = yield* stream.read(); bytes !== null; bytes = yield* stream.read()) {
      text += Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
      for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
        const path = text.slice(text.indexOf(' ') + 1, text.indexOf(' HTTP/1.1\r\n'));
        text = text.slice(end + 4);
        const found = site.get(path);
        handled++;
        if (found !== undefined && found.serviceMs > 0) yield* loop.io.sleep(found.serviceMs);
        yield* stream.write(found?.bytes ?? missing);
      }
    }
  }

  /** A client that does not wait for its answer closes: that is what `first-completed` does. */
  function* connection(stream: Stream): Coroutine<void> {
    try {
      yield* serve(stream);
    } catch (error) {
      const { code = '', name } = error as NodeJS.ErrnoException;
      if (name !== 'StreamStateError' && !['ECONNRESET', 'EPIPE', 'ECANCELED'].includes(code)) {
        throw error;
      }
    }
  }

  const server = await loop.run(() => loop.io.listen({ port: 0 }, connection));
  const running = loop.runForever();
  const before = process.cpuUsage();
  return {
    facts: { port: server.port },
    async close() {
      const { user, system } = process.cpuUsage(before);
      loop.stop();
      await running;
      await loop.close();
      return {
        engine: native ? 'native' : 'node',
        unit: 'requests',
        perJob: requestsPerJob,
        handled,
        cpuUs: user + system,
      };
    },
  };
}

export const openForFetchAll: OpenFixture = ({ seed }) => openSite(seed, 20);
export const openForFirstCompleted: OpenFixture = ({ seed }) => openSite(seed, 3);
export const openForCrawl: OpenFixture = ({ seed }) => openSite(seed, 16);
export const openForPipeline: OpenFixture = ({ seed }) => openSite(seed, 1);
