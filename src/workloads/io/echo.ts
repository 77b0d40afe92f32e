/**
 * `echo` (io): a TCP echo server under the policy, with ten connections and one message of 1, 10 or 100 KiB under way
 * on each. The client is a process of its own (`echo-peer.ts`) and compares every byte. A job is one message there and
 * back.
 *
 *   contestant                                  peer
 *   loop.submit(serveEcho) × parallelism ──────▶ control: "session s serves at port p"
 *   start ── { open: s, services } ────────────▶ connects to those ports, ten connections in all
 *   batch ── { keep: n } ──────────────────────▶ messages there and back, each one compared, with
 *         ◀───────────── { done: n } { done: n }    a report after n of them or more
 *   rest ─── { rest: true } ───────────────────▶ until none is on its way
 *         ◀──────────────── { done: m, latency }    the m that were not reported yet
 */
import type { Coroutine, Loop, PortableJob } from '../../loop/policy.js';
import { portable } from '../../loop/portable.js';
import type { Stream } from '../../loop/io.js';
import type { Protocol, Transport } from '../../loop/protocol.js';
import { Connections } from '../../workload/connections.js';
import { Lines } from '../../workload/lines.js';
import type { Latency, Session, Setup, Workload } from '../../workload/workload.js';

export const CONNECTIONS = 10;
/** The size of a connection's own buffer, in bytes, for the style that has one. */
const MEMORY = 128 * 1024;
/** The number of messages in the verified sample. */
const SAMPLE = 50;

export interface ServeInput {
  control: number;
  session: string;
}

function* echo(stream: Stream): Coroutine<void> {
  for (let bytes = yield* stream.read(); bytes !== null; bytes = yield* stream.read()) {
    yield* stream.write(bytes);
  }
}

/** Echoes through one buffer of its own, which is reused. */
function* echoInto(stream: Stream): Coroutine<void> {
  const memory = Buffer.allocUnsafeSlow(MEMORY);
  for (;;) {
    const length = yield* stream.readInto(memory);
    if (length === 0) return;
    yield* stream.write(memory.subarray(0, length));
    yield* stream.flush();
  }
}

export const serveEcho = portable(import.meta.url, 'serveEcho', (loop, input: ServeInput) =>
  serveStreams(loop, input, echo),
);

export const serveEchoInto = portable(import.meta.url, 'serveEchoInto', (loop, input: ServeInput) =>
  serveStreams(loop, input, echoInto),
);

function* serveStreams(
  loop: Loop,
  input: ServeInput,
  echoing: (stream: Stream) => Coroutine<void>,
): Coroutine<void> {
  const connections = new Connections(loop);
  const server = yield* loop.io.listen({ port: 0 }, (each) =>
    connections.serve(each, echoing(each)),
  );
  yield* announced(loop, input, server.port);
  yield* server.close();
  yield* connections.ended();
}

/** Stops reading while the other end does not read. */
class EchoProtocol implements Protocol {
  private transport!: Transport;
  private readonly open: Set<EchoProtocol>;

  constructor(open: Set<EchoProtocol>) {
    this.open = open;
  }

  connectionMade(transport: Transport): void {
    this.transport = transport;
    this.open.add(this);
  }

  dataReceived(bytes: Uint8Array): void {
    this.transport.write(bytes);
  }

  pauseWriting(): void {
    this.transport.pauseReading();
  }

  resumeWriting(): void {
    this.transport.resumeReading();
  }

  connectionLost(): void {
    this.open.delete(this);
  }
}

export const serveEchoProtocol = portable(
  import.meta.url,
  'serveEchoProtocol',
  function* (loop, input: ServeInput) {
    const open = new Set<EchoProtocol>();
    const server = yield* loop.io.listenProtocol({ port: 0 }, () => new EchoProtocol(open));
    yield* announced(loop, input, server.port);
    yield* server.close();
    while (open.size > 0) yield* loop.io.sleep(1);
  },
);

/** Tells the peer a port, and returns when the peer closes the connection over which it was told. */
export function* announced(
  loop: Loop,
  { control, session }: ServeInput,
  port: number,
): Coroutine<void> {
  const stream = yield* loop.io.connect({ port: control });
  yield* new Lines(stream).send({ serve: session, port });
  while ((yield* stream.read()) !== null);
  stream.close();
}

export const echoWorkload: Workload = {
  name: 'echo',
  kind: 'io',
  summary: `TCP echo server, ${CONNECTIONS} connections, the client in a process of its own`,
  cases: [{ size: 1024 }, { size: 10 * 1024 }, { size: 100 * 1024 }],
  quick: true,
  standard: 1,
  fixture: {
    module: new URL('../../fixture/echo-peer.js', import.meta.url).href,
    export: 'openEchoPeer',
  },
  start: (loop, setup) => startEcho(loop, setup, serveEcho),
};

export const echoIntoWorkload: Workload = {
  ...echoWorkload,
  name: 'echo-into',
  summary: 'echo, read into memory that is used again (`readInto`)',
  quick: false,
  standard: 0,
  start: (loop, setup) => startEcho(loop, setup, serveEchoInto),
};

export const echoProtocolWorkload: Workload = {
  ...echoWorkload,
  name: 'echo-protocol',
  summary: 'echo by callbacks (`listenProtocol`), as asyncio has protocols beside streams',
  quick: false,
  standard: 0,
  start: (loop, setup) => startEcho(loop, setup, serveEchoProtocol),
};

/**
 * The session of a server that a peer talks to. `serve` is submitted once for every job that the policy can run in
 * parallel.
 */
export function* startEcho(
  loop: Loop,
  { facts, latency }: Setup,
  serve: PortableJob<ServeInput, void>,
): Coroutine<Session> {
  const control = Number(facts['port']);
  const session = `${process.pid}-${process.hrtime.bigint()}`;
  const services = loop.parallelism;
  const served = Array.from({ length: services }, () => loop.submit(serve, { control, session }));
  const stream = yield* loop.io.connect({ port: control });
  const peer = new Lines(stream);
  yield* peer.ask({ open: session, services, connections: CONNECTIONS });
  return new EchoSession(peer, latency, function* () {
    stream.close();
    for (const task of served) yield* task;
  });
}

/** A message is done when the peer reports it: until then only the peer knows. */
class EchoSession implements Session {
  readonly concurrency = CONNECTIONS;
  done = 0;
  private readonly peer: Lines;
  private readonly latency: Latency;
  readonly close: () => Coroutine<void>;
  /** The peer reports after this many messages; 0 at rest. */
  private keep = 0;

  constructor(peer: Lines, latency: Latency, close: () => Coroutine<void>) {
    this.peer = peer;
    this.latency = latency;
    this.close = close;
  }

  *verify(): Coroutine<string> {
    const { digest } = yield* this.peer.ask<{ digest: string }>({ sample: SAMPLE });
    return digest;
  }

  *batch(jobs: number): Coroutine<void> {
    if (jobs !== this.keep) yield* this.peer.send({ keep: jobs });
    this.keep = jobs;
    for (const end = this.done + jobs; this.done < end;) {
      const { done } = yield* this.peer.expect<{ done: number }>();
      this.done += done;
    }
  }

  *rest(): Coroutine<void> {
    if (this.keep === 0) return;
    this.keep = 0;
    yield* this.peer.send({ rest: true });
    for (;;) {
      const { done, latency } = yield* this.peer.expect<{ done: number; latency?: number[] }>();
      this.done += done;
      if (latency !== undefined) return this.latency.add(latency);
    }
  }
}
