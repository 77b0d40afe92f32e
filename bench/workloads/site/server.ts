/**
 * The HTTP site outside the contestants. It is for clients that are known to send plain requests, one
 * at a time: it looks for the blank line, takes the path and writes bytes that were made before, since
 * a server that parses costs as much per request as the client that is to be measured.
 *
 * On plain `node:net`: a request costs 20 µs there, as it does on our own loop in C++, whose timers
 * make up for what its streams save; 25 µs on our streams over `node:net`.
 */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Fixture, FixtureSetup } from '../../../src/workload/workload.js';
import { serviceMs, siteContent } from './content.js';

export interface SiteOptions {
  /** Requests per job of the workload. */
  readonly perJob: number;
  /** Servers with the same content, each with service times of its own. Default 1. */
  readonly servers?: number;
  /** Ports of each; see `first-completed`. Default 1. */
  readonly ports?: number;
  /** The body for a path that the site's content has not; left out, it is not found. */
  readonly answer?: (path: string) => string;
}

/** Its facts: `ports`, with commas in between, those of the first server first. */
export async function openSite({ seed }: FixtureSetup, options: SiteOptions): Promise<Fixture> {
  const { perJob, servers = 1, ports = 1, answer } = options;
  const content = siteContent(seed);
  const sites = Array.from(
    { length: servers },
    (_, server) => new Site(content, seed, server, answer),
  );
  const listening: number[] = [];
  for (const site of sites) {
    for (let i = 0; i < ports; i++) listening.push(await site.listen());
  }
  const before = process.cpuUsage();
  return {
    facts: { ports: listening.join() },
    async close() {
      const { user, system } = process.cpuUsage(before);
      for (const site of sites) site.close();
      const handled = sites.reduce((sum, site) => sum + site.handled, 0);
      return { engine: 'node', unit: 'requests', perJob, handled, cpuUs: user + system };
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

function rendered(body: string): Buffer {
  return Buffer.from(
    `HTTP/1.1 200 OK\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

class Site {
  handled = 0;
  private readonly answers = new Map<string, Rendered>();
  private readonly answer: SiteOptions['answer'];
  private readonly listening: Server[] = [];
  private readonly sockets = new Set<Socket>();

  constructor(
    content: ReadonlyMap<string, string>,
    seed: number,
    server: number,
    answer: SiteOptions['answer'],
  ) {
    this.answer = answer;
    for (const [path, body] of content) {
      this.answers.set(path, { bytes: rendered(body), ms: serviceMs(seed, server, path) });
    }
  }

  async listen(): Promise<number> {
    const server = createServer({ noDelay: true }, (socket) => this.serve(socket));
    this.listening.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }

  close(): void {
    for (const server of this.listening) server.close();
    for (const socket of this.sockets) socket.destroy();
  }

  private serve(socket: Socket): void {
    let text = '';
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket));
    socket.on('error', () => {}); // a client that cancels its request goes: `first-completed` does
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1');
      if (!text.endsWith('\r\n\r\n')) return;
      const path = text.slice(4, text.indexOf(' ', 4)); // behind 'GET '
      text = '';
      this.handled++;
      const { bytes: answer, ms } = this.answers.get(path) ?? this.made(path);
      if (ms === 0) socket.write(answer);
      else setTimeout(() => socket.destroyed || socket.write(answer), ms);
    });
  }

  private made(path: string): Rendered {
    return this.answer === undefined ? NOT_FOUND : { bytes: rendered(this.answer(path)), ms: 0 };
  }
}
