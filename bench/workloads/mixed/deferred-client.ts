/**
 * The client of `deferred`: keeps a request on its way on every connection until it is told to rest.
 * It knows its server, so it looks for nothing in an answer but the bytes it has to be.
 */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { Histogram } from '../../../src/stats/histogram.js';
import type { OpenFixture } from '../../../src/workload/workload.js';
import { ORDERS, PATH, answerTo } from './deferred.js';

type ClientRequest =
  | { connect: number; connections: number }
  | { sample: number }
  | { work: true }
  | { rest: true }
  | { disconnect: true };

/** The connections to one contestant. */
class Load {
  handled = 0;
  private readonly sockets: Socket[] = [];
  private readonly latency = new Histogram();
  private next = 0;
  private working = false;
  private lanes: Promise<void>[] = [];

  async connect(port: number, connections: number): Promise<void> {
    for (let i = 0; i < connections; i++) {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true });
      await once(socket, 'connect');
      this.sockets.push(socket);
    }
  }

  /** So many orders, one after the other; their answers in one text. */
  async sample(orders: number): Promise<string> {
    let bodies = '';
    for (let order = 0; order < orders; order++) bodies += await this.order(this.first, order);
    return bodies;
  }

  work(failed: (error: unknown) => void): void {
    this.working = true;
    this.lanes = this.sockets.map((socket) => this.lane(socket));
    for (const lane of this.lanes) lane.catch(failed);
  }

  async rest(): Promise<number[]> {
    this.working = false;
    await Promise.all(this.lanes);
    this.lanes = [];
    const counts = this.latency.counts();
    this.latency.clear();
    return counts;
  }

  close(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  private get first(): Socket {
    return this.sockets[0] as Socket;
  }

  private async lane(socket: Socket): Promise<void> {
    while (this.working) {
      const began = performance.now();
      await this.order(socket, this.next++ % ORDERS);
      this.latency.record(performance.now() - began);
    }
  }

  private order(socket: Socket, order: number): Promise<string> {
    const body = answerTo(order);
    this.handled++;
    socket.write(`GET ${PATH}${order} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    return new Promise((resolve, reject) => {
      let text = '';
      const settle = (finish: () => void): void => {
        socket.off('data', onData).off('close', onClose);
        finish();
      };
      const onData = (chunk: Buffer): void => {
        text += chunk.toString('latin1');
        const end = text.indexOf('\r\n\r\n');
        if (end < 0 || text.length < end + 4 + body.length) return;
        const right = text.startsWith('HTTP/1.1 202 ') && text.slice(end + 4) === body;
        settle(() =>
          right
            ? resolve(body)
            : reject(new Error(`order ${order} was answered with ${JSON.stringify(text)}`)),
        );
      };
      const onClose = (): void =>
        settle(() => reject(new Error(`the server closed instead of answering order ${order}`)));
      socket.on('data', onData).on('close', onClose);
    });
  }
}

export const openDeferredClient: OpenFixture = async () => {
  const loads = new Set<Load>();
  const before = process.cpuUsage();
  let handled = 0;
  const control = createServer({ noDelay: true }, (socket) => {
    const load = new Load();
    const answer = (message: object): void => void socket.write(`${JSON.stringify(message)}\n`);
    const failed = (error: unknown): void =>
      answer({ error: error instanceof Error ? error.message : String(error) });
    const handle = async (request: ClientRequest): Promise<void> => {
      if ('connect' in request) {
        await load.connect(request.connect, request.connections);
        answer({ connected: request.connections });
      } else if ('sample' in request) {
        answer({ bodies: await load.sample(request.sample) });
      } else if ('work' in request) {
        load.work(failed);
      } else if ('rest' in request) {
        answer({ latency: await load.rest() });
      } else {
        load.close();
        answer({ disconnected: true });
      }
    };
    loads.add(load);
    socket.on('error', () => {}); // 'close' follows
    socket.on('close', () => {
      loads.delete(load);
      handled += load.handled;
      load.close();
    });
    createInterface({ input: socket }).on('line', (line) => {
      handle(JSON.parse(line) as ClientRequest).catch(failed);
    });
  });
  control.listen(0, '127.0.0.1');
  await once(control, 'listening');
  return {
    facts: { port: (control.address() as AddressInfo).port },
    async close() {
      const { user, system } = process.cpuUsage(before);
      for (const load of loads) {
        handled += load.handled;
        load.close();
      }
      control.close();
      return { engine: 'node', unit: 'requests', perJob: 1, handled, cpuUs: user + system };
    },
  };
};
