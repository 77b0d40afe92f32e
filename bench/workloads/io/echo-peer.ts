/**
 * The other side of `echo` and `web-socket`: the fixture process with the client. For `echo` the native load generator
 * does the work where the addon is built, since a client on `node:net` costs as much per message as the
 * server it measures; without the addon it is one on `node:net`, and the results say so.
 *
 * Once it is told to keep going it does, announcing every so many messages, until it is told to
 * rest: a server that had to wait for a word between two samples would be measured at waiting.
 */
import type { Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { seeded } from '../../../src/random.js';
import type { Fixture, FixtureSetup, OpenFixture } from '../../../src/workload/workload.js';
import { controlServer } from '../control-server.js';
import { openLoadGenerator, type LoadGenerator, type LoadOptions } from './load-generator.js';

export type EchoRequest =
  /** A service of a contestant listens. */
  | { serve: string; port: number }
  /** Connects to that contestant's services, when so many have said where they listen. */
  | { open: string; services: number; connections: number }
  /** So many messages, and their digest. */
  | { sample: number }
  /** Keeps going, and announces every so many messages. */
  | { keep: number }
  | { rest: true };

/** One contestant: its services and the client that talks to them. */
interface Session {
  services: { port: number; control: Socket }[];
  announced: () => void;
  generator: LoadGenerator | null;
  /** Messages per announcement; 0 at rest. */
  keep: number;
  /** Messages that have been announced since the last rest. */
  told: number;
  /** CPU time of this process when it began to keep going. */
  began: NodeJS.CpuUsage;
  going: Promise<void>;
}

export const openEchoPeer = echoPeer(openLoadGenerator);

/** The fixture whose client is what `openClient` makes. */
export function echoPeer(
  openClient: (options: LoadOptions) => Promise<LoadGenerator>,
): OpenFixture {
  return (setup) => openPeer(setup, openClient);
}

async function openPeer(
  { params, seed }: FixtureSetup,
  openClient: (options: LoadOptions) => Promise<LoadGenerator>,
): Promise<Fixture> {
  const payload = randomBytes(seed, Number(params['size']));
  const sessions = new Map<string, Session>();
  const busy = { handled: 0, cpuUs: 0 };
  let engine = '';

  const sessionOf = (name: string): Session => {
    const found = sessions.get(name);
    if (found !== undefined) return found;
    const made: Session = {
      services: [],
      announced: () => {},
      generator: null,
      keep: 0,
      told: 0,
      began: process.cpuUsage(),
      going: Promise.resolve(),
    };
    sessions.set(name, made);
    return made;
  };

  async function open(request: Extract<EchoRequest, { open: string }>): Promise<Session> {
    const session = sessionOf(request.open);
    while (session.services.length < request.services) {
      await new Promise<void>((resolve) => (session.announced = resolve));
    }
    const ports = session.services.map(({ port }) => port);
    const options = { ports, connections: request.connections, payload };
    session.generator = await openClient(options);
    engine = session.generator.engine;
    return session;
  }

  async function keepGoing(
    session: Session & { generator: LoadGenerator },
    answer: (message: object) => void,
  ): Promise<void> {
    const { generator } = session;
    try {
      while (session.keep > 0) {
        const done = await generator.run(session.keep);
        session.told += done;
        answer({ done });
        await turn(); // looks for a request
      }
    } catch (error) {
      session.keep = 0;
      answer({ error: error instanceof Error ? error.message : String(error) });
    }
  }

  /** The last word: those too that came home since the one before, for they were served like any. */
  async function rest(session: Session & { generator: LoadGenerator }): Promise<object> {
    session.keep = 0;
    await session.going;
    const latency = await session.generator.rest();
    const all = latency.reduce((sum, count, i) => (i % 2 === 1 ? sum + count : sum), 0);
    const done = all - session.told;
    session.told = 0;
    const { user, system } = process.cpuUsage(session.began);
    busy.handled += all;
    busy.cpuUs += user + system;
    return { done, latency };
  }

  const control = await controlServer<EchoRequest>((answer, socket) => {
    let session: Session | null = null;
    const opened = (): Session & { generator: LoadGenerator } => {
      if (session?.generator == null)
        throw new Error('the client is told to work before it is open');
      return session as Session & { generator: LoadGenerator };
    };
    const handle = async (request: EchoRequest): Promise<void> => {
      if ('serve' in request) {
        const of = sessionOf(request.serve);
        of.services.push({ port: request.port, control: socket });
        of.announced();
      } else if ('open' in request) {
        session = await open(request);
        answer({ opened: request.open });
      } else if ('sample' in request) {
        answer({ digest: await opened().generator.sample(request.sample) });
      } else if ('keep' in request) {
        const of = opened();
        const resting = of.keep === 0;
        of.keep = request.keep;
        if (resting) {
          of.began = process.cpuUsage();
          of.going = keepGoing(of, answer);
        }
      } else {
        answer(await rest(opened()));
      }
    };
    const close = (): void => {
      if (session === null) return;
      session.keep = 0;
      session.generator?.close();
      for (const service of session.services) service.control.end();
    };
    return { handle, close };
  });

  return {
    facts: { port: control.port },
    async close() {
      control.close();
      return { engine, unit: 'messages', perJob: 1, ...busy };
    },
  };
}

function randomBytes(seed: number, size: number): Buffer {
  const random = seeded(seed);
  const bytes = Buffer.alloc(size);
  for (let i = 0; i + 4 <= size; i += 4) bytes.writeInt32LE(random.int(-0x80000000, 0x7fffffff), i);
  return bytes;
}
