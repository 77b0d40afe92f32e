/**
 * `echo` (io): a TCP echo server under the policy; ten connections, each with one message of 1, 10
 * or 100 KiB on its way at a time. The client is a process of its own (`echo-peer.ts`) and compares
 * every byte. A job is one message there and back.
 *
 *   contestant                                  peer
 *   loop.submit(serveEcho) × parallelism ──────▶ control: "session s serves at port p"
 *   start ── { open: s, services } ────────────▶ connects to those ports, ten connections in all
 *   batch ── { go: n } ────────────────────────▶ n messages there and back, verified ──▶ { done }
 */
import { portable } from '../../../src/loop/policy.js';
import type { Stream } from '../../../src/loop/io.js';
import { Lines } from '../../../src/workload/lines.js';
import type { Workload } from '../../../src/workload/workload.js';

const CONNECTIONS = 10;
/** Messages of the verified sample. */
const SAMPLE = 50;

interface ServeInput {
  control: number;
  session: string;
}

function* echo(stream: Stream) {
  for (let bytes = yield* stream.read(); bytes !== null; bytes = yield* stream.read()) {
    yield* stream.write(bytes);
  }
}

/** Serves until the peer closes the control connection on which the port was announced. */
export const serveEcho = portable(
  import.meta.url,
  'serveEcho',
  function* (loop, { control, session }: ServeInput) {
    const server = yield* loop.io.listen({ port: 0 }, echo);
    const stream = yield* loop.io.connect({ port: control });
    yield* new Lines(stream).send({ serve: session, port: server.port });
    while ((yield* stream.read()) !== null);
    stream.close();
    yield* server.close();
  },
);

export const echoWorkload: Workload = {
  name: 'echo',
  kind: 'io',
  summary: `TCP echo server, ${CONNECTIONS} connections, the client in a process of its own`,
  cases: [{ size: 1024 }, { size: 10 * 1024 }, { size: 100 * 1024 }],
  quick: true,
  fixture: { module: new URL('./echo-peer.js', import.meta.url).href, export: 'openEchoPeer' },
  *start(loop, { facts }) {
    const control = Number(facts['port']);
    const session = `${process.pid}-${process.hrtime.bigint()}`;
    const services = loop.parallelism;
    const served = Array.from({ length: services }, () =>
      loop.submit(serveEcho, { control, session }),
    );
    const stream = yield* loop.io.connect({ port: control });
    const peer = new Lines(stream);
    yield* peer.ask({ open: session, services, connections: CONNECTIONS });
    const echoes = {
      concurrency: CONNECTIONS,
      done: 0,
      *verify() {
        const { digest } = yield* peer.ask<{ digest: string }>({ go: SAMPLE, digest: true });
        return digest;
      },
      *batch(jobs: number) {
        yield* peer.ask({ go: jobs });
        this.done += jobs;
      },
      *rest() {},
      *close() {
        stream.close();
        for (const task of served) yield* task;
      },
    };
    return echoes;
  },
};
