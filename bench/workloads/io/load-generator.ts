/** The clients of echo servers: of `echo` native where the addon is built, else on Node's own sockets. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { loadNative } from '../../../src/policies/uv/binding.js';
import { Histogram } from '../../../src/stats/histogram.js';

const HOST = '127.0.0.1';

export interface LoadOptions {
  readonly ports: readonly number[];
  /** In all; spread over the ports in turn. */
  readonly connections: number;
  /** A message. Each one sent begins at another place of it and wraps around: no two are alike. */
  readonly payload: Buffer;
}

/** One message is on its way per connection. Every byte that comes back is compared. */
export interface LoadGenerator {
  readonly engine: 'native' | 'node';
  /** Until at least so many more messages are back; says how many. Others are on their way then. */
  run(messages: number): number | Promise<number>;
  /** Until none is on its way; the latencies since the last rest, as counts of a histogram. */
  rest(): number[] | Promise<number[]>;
  /** At rest: exactly so many messages, untimed, and a digest of all that came back. */
  sample(messages: number): string | Promise<string>;
  close(): void;
}

export async function openLoadGenerator(options: LoadOptions): Promise<LoadGenerator> {
  const loaded = loadNative();
  if (!loaded.ok) return NodeLoadGenerator.open(options, connectTcp);
  const { ports, connections, payload } = options;
  const client = new loaded.native.LoadGenerator({ ports, host: HOST, connections, payload });
  return {
    engine: 'native',
    run: (messages) => client.run(messages),
    rest: () => client.rest(),
    sample: (messages) => client.sample(messages),
    close: () => client.close(),
  };
}

/** A connection of a client on Node. */
export interface Connection {
  /** Sends a message, and waits for the one that comes back. */
  exchange(message: Buffer): Promise<Buffer>;
  close(): void;
}

export type Connect = (host: string, port: number) => Promise<Connection>;

export class NodeLoadGenerator implements LoadGenerator {
  readonly engine = 'node';
  private readonly connections: readonly Connection[];
  private readonly twice: Buffer;
  private readonly size: number;
  private readonly latency = new Histogram();
  private lanes: Promise<void>[] = [];
  private sent = 0;
  private mostSent = Infinity;
  private done = 0;
  /** Of `done`: those that a run has told of. */
  private told = 0;
  /** Called at each message that is back, and when a lane fails. */
  private progress: (error?: unknown) => void = () => {};

  static async open(
    { ports, connections: count, payload }: LoadOptions,
    open: Connect,
  ): Promise<NodeLoadGenerator> {
    const connections: Connection[] = [];
    for (let i = 0; i < count; i++) {
      connections.push(await open(HOST, ports[i % ports.length] as number));
    }
    return new NodeLoadGenerator(connections, payload);
  }

  private constructor(connections: readonly Connection[], payload: Buffer) {
    this.connections = connections;
    this.size = payload.length;
    this.twice = Buffer.concat([payload, payload]);
  }

  async run(messages: number): Promise<number> {
    this.mostSent = Infinity;
    const wanted = this.told + messages;
    await new Promise<void>((resolve, reject) => {
      this.progress = (error) => {
        if (error !== undefined) reject(error);
        else if (this.done >= wanted) resolve();
      };
      if (this.lanes.length === 0) this.startLanes(null);
      this.progress(); // enough may have come since the last run
    });
    return this.tell();
  }

  async rest(): Promise<number[]> {
    this.mostSent = this.sent;
    await Promise.all(this.lanes);
    this.lanes = [];
    this.tell();
    const counts = this.latency.counts();
    this.latency.clear();
    return counts;
  }

  async sample(messages: number): Promise<string> {
    // Which connection gets which message is chance; which messages there are is not.
    const seen: string[] = [];
    this.sent = 0;
    this.mostSent = messages;
    this.startLanes(seen);
    await Promise.all(this.lanes);
    this.lanes = [];
    this.latency.clear();
    this.tell();
    return createHash('sha1').update(seen.sort().join()).digest('hex').slice(0, 16);
  }

  private tell(): number {
    const more = this.done - this.told;
    this.told = this.done;
    return more;
  }

  close(): void {
    for (const connection of this.connections) connection.close();
  }

  private startLanes(seen: string[] | null): void {
    this.lanes = this.connections.map((each, i) => this.lane(each, i, seen));
    for (const lane of this.lanes) lane.catch((error: unknown) => this.progress(error));
  }

  private async lane(connection: Connection, index: number, seen: string[] | null): Promise<void> {
    const { size } = this;
    while (this.sent < this.mostSent) {
      const start = this.sent++ % size;
      const message = this.twice.subarray(start, start + size);
      const began = performance.now();
      const reply = await connection.exchange(message);
      this.latency.record(performance.now() - began);
      if (!reply.equals(message)) {
        const at = reply.findIndex((byte, i) => byte !== message[i]);
        throw new Error(`connection ${index}: the echo differs from what was sent at byte ${at}`);
      }
      seen?.push(createHash('sha1').update(reply).digest('hex'));
      this.done++;
      this.progress();
    }
  }
}

async function connectTcp(host: string, port: number): Promise<Connection> {
  const socket = connect({ port, host, noDelay: true });
  await once(socket, 'connect');
  socket.pause();
  return {
    exchange: (message) => {
      socket.write(message);
      return readExactly(socket, message.length);
    },
    close: () => socket.destroy(),
  };
}

function readExactly(socket: Socket, size: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let left = size;
  return new Promise((resolve, reject) => {
    const done = (finish: () => void): void => {
      socket.off('data', onData).off('close', onClose).pause();
      finish();
    };
    const onData = (chunk: Buffer): void => {
      chunks.push(chunk);
      left -= chunk.length;
      if (left <= 0) done(() => resolve(Buffer.concat(chunks)));
    };
    const onClose = (): void =>
      done(() => reject(new Error(`the server closed a connection with ${left} bytes to come`)));
    socket.on('data', onData).on('close', onClose).resume();
  });
}
