/**
 * The client of `deferred`: the fixture process. It has to cost little beside the server that it
 * asks, so its requests are made beforehand and an answer is compared with what it must end with.
 */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Histogram } from '../../../src/stats/histogram.js';
import type { OpenFixture } from '../../../src/workload/workload.js';
import { controlServer } from '../control-server.js';
import { PIECES } from './deferred.js';

type ClientRequest =
  { open: number; connections: number } | { sample: number } | { keep: true } | { rest: true };

/** No answer is longer than this: what is, is none. */
const LONGEST_ANSWER = 1024;

const PIECE = Array.from({ length: PIECES }, (_, i) => ({
  request: Buffer.from(`GET /work/${i} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`),
  answerEnds: `\r\n\r\naccepted ${i}`,
}));

/** One contestant's connections. */
class Client {
  handled = 0;
  private readonly sockets: Socket[];
  private readonly latency = new Histogram();
  private sent = 0;
  private mostSent = 0;
  private seen: string[] | null = null;
  private lanes: Promise<void[]> | null = null;

  static async open(port: number, connections: number): Promise<Client> {
    const sockets: Socket[] = [];
    for (let i = 0; i < connections; i++) {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true });
      sockets.push(socket);
      await once(socket, 'connect');
    }
    return new Client(sockets);
  }

  private constructor(sockets: Socket[]) {
    this.sockets = sockets;
  }

  /** Keeps a request on its way on each connection. Rejects when one fails. */
  keep(most = Infinity): Promise<unknown> {
    this.mostSent = this.sent + most;
    this.lanes = Promise.all(this.sockets.map((socket) => this.lane(socket)));
    return this.lanes;
  }

  async rest(): Promise<number[]> {
    this.mostSent = 0;
    await this.lanes;
    const counts = this.latency.counts();
    this.latency.clear();
    return counts;
  }

  /** So many requests, and a digest of their answers. */
  async sample(requests: number): Promise<string> {
    const seen: string[] = [];
    this.sent = 0;
    this.seen = seen;
    await this.keep(requests);
    this.seen = null;
    this.latency.clear();
    // Which connection asks for what is chance; what is asked for is not.
    return createHash('sha1').update(seen.sort().join('\n')).digest('hex');
  }

  close(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  private lane(socket: Socket): Promise<void> {
    return new Promise((resolve, reject) => {
      let text = '';
      let began = 0;
      let piece = PIECE[0] as (typeof PIECE)[number];
      const end = (error?: Error): void => {
        socket.off('data', onData).off('close', onClose).off('error', end);
        if (error === undefined) resolve();
        else reject(error);
      };
      const next = (): void => {
        if (this.sent >= this.mostSent) return end();
        piece = PIECE[this.sent++ % PIECES] as typeof piece;
        text = '';
        began = performance.now();
        socket.write(piece.request);
      };
      const onData = (data: Buffer): void => {
        text += data.toString('latin1');
        if (!text.endsWith(piece.answerEnds) || !text.startsWith('HTTP/1.1 200 ')) {
          if (text.length <= LONGEST_ANSWER && !/^HTTP\/1.1 [345]/.test(text)) return;
          return end(
            new Error(`not the answer that was due: ${JSON.stringify(text.slice(0, 80))}`),
          );
        }
        this.latency.record(performance.now() - began);
        this.handled++;
        this.seen?.push(piece.answerEnds.trim());
        next();
      };
      const onClose = (): void => end(new Error('the server closed a connection'));
      socket.on('data', onData).on('close', onClose).on('error', end);
      next();
    });
  }
}

export const openDeferredClient: OpenFixture = async () => {
  const clients: Client[] = [];
  const before = process.cpuUsage();
  const control = await controlServer<ClientRequest>((answer) => {
    let client: Client | null = null;
    const opened = (): Client => {
      if (client === null) throw new Error('the client is told to work before it is open');
      return client;
    };
    return {
      async handle(request) {
        if ('open' in request) {
          client = await Client.open(request.open, request.connections);
          clients.push(client);
          answer({ opened: request.open });
        } else if ('sample' in request) answer({ digest: await opened().sample(request.sample) });
        else if ('keep' in request) await opened().keep();
        else answer({ latency: await opened().rest() });
      },
      close: () => client?.close(),
    };
  });

  return {
    facts: { port: control.port },
    async close() {
      control.close();
      const { user, system } = process.cpuUsage(before);
      const handled = clients.reduce((sum, client) => sum + client.handled, 0);
      return { engine: 'node', unit: 'requests', perJob: 1, handled, cpuUs: user + system };
    },
  };
};
