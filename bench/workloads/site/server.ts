/**
 * The HTTP site outside the contestants. It is for clients that are known to send plain requests: it
 * looks for the blank line, takes the path and writes bytes that were made before, since a server
 * that parses costs as much per request as the client that is to be measured. It runs on our own
 * loop in C++ where the addon is built, else on `node:net`.
 */
import type { Coroutine } from '../../../src/loop/future.js';
import type { Stream } from '../../../src/loop/io.js';
import type { Loop } from '../../../src/loop/policy.js';
import { microtask } from '../../../src/policies/microtask/index.js';
import { uv } from '../../../src/policies/uv/index.js';
import type { Fixture, FixtureSetup } from '../../../src/workload/workload.js';
import { serviceMs, siteContent } from './content.js';

export interface SiteOptions {
  /** Requests per job of the workload. */
  readonly perJob: number;
  /** Servers with the same content, each with service times of its own. Default 1. */
  readonly servers?: number;
  /** Ports of each; see `first-completed`. Default 1. */
  readonly ports?: number;
}

/** Its facts: `ports`, with commas in between, those of the first server first. */
export async function openSite({ seed }: FixtureSetup, options: SiteOptions): Promise<Fixture> {
  const { perJob, servers = 1, ports = 1 } = options;
  const native = (await uv.probe()).ok;
  const loop = await (native ? uv : microtask).open();
  const sites = Array.from({ length: servers }, (_, server) => new Site(loop, seed, server));
  const listening: number[] = [];
  await loop.run(function* () {
    for (const site of sites) {
      for (let i = 0; i < ports; i++) {
        const { port } = yield* loop.io.listen({ port: 0 }, (stream) => site.serve(stream));
        listening.push(port);
      }
    }
  });
  const before = process.cpuUsage();
  const running = loop.runForever();
  return {
    facts: { ports: listening.join() },
    async close() {
      const { user, system } = process.cpuUsage(before);
      loop.stop();
      await running;
      await loop.close();
      return {
        engine: native ? 'native' : 'node',
        unit: 'requests',
        perJob,
        handled: sites.reduce((sum, { handled }) => sum + handled, 0),
        cpuUs: user + system,
      };
    },
  };
}

interface Rendered {
  readonly bytes: Buffer;
  readonly ms: number;
}

const NOT_FOUND: Rendered = {
  bytes: Buffer.from('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n'),
  ms: 0,
};

class Site {
  handled = 0;
  private readonly loop: Loop;
  private readonly answers: ReadonlyMap<string, Rendered>;

  constructor(loop: Loop, seed: number, server: number) {
    this.loop = loop;
    const rendered = [...siteContent(seed)].map(([path, body]) => {
      const head = `HTTP/1.1 200 OK\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`;
      return [
        path,
        { bytes: Buffer.from(head + body), ms: serviceMs(seed, server, path) },
      ] as const;
    });
    this.answers = new Map(rendered);
  }

  *serve(stream: Stream): Coroutine<void> {
    try {
      let text = '';
      for (let bytes = yield* stream.read(); bytes !== null; bytes = yield* stream.read()) {
        text += (bytes as Buffer).toString('latin1');
        let start = 0;
        for (let end; (end = text.indexOf('\r\n\r\n', start)) >= 0; start = end + 4) {
          const path = text.slice(start + 4, text.indexOf(' ', start + 4)); // behind 'GET '
          const { bytes: answer, ms } = this.answers.get(path) ?? NOT_FOUND;
          this.handled++;
          if (ms > 0) yield* this.loop.io.sleep(ms);
          yield* stream.write(answer);
        }
        text = text.slice(start);
      }
    } catch {
      // A client that has cancelled its request is gone: that is what `first-completed` does.
    }
  }
}
