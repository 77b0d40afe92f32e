/**
 * The other side of `echo`: the fixture process with the client. The native load generator does the
 * work where the addon is built, since a client on `node:net` costs as much per message as the
 * server it measures; without the addon it is one on `node:net`, and the results say so.
 */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { seeded } from '../../../src/random.js';
import type { OpenFixture } from '../../../src/workload/workload.js';
import { openLoadGenerator, type LoadGenerator } from './load-generator.js';

type Request =
  | { serve: string; port: number }
  | { open: string; services: number; connections: number }
  | { go: number; digest?: boolean };

/** One contestant: its services and the client that talks to them. */
interface Session {
  services: { port: number; control: Socket }[];
  announced: () => void;
  generator: LoadGenerator | null;
}

export const openEchoPeer: OpenFixture = async ({ params, seed }) => {
  const size = Number(params['size']);
  const payload = randomBytes(seed, size);
  const sessions = new Map<string, Session>();
  const sockets = new Set<Socket>();
  const busy = { messages: 0, cpuUs: 0 };
  let engine = '';

  const sessionOf = (name: string): Session => {
    const found = sessions.get(name);
    if (found !== undefined) return found;
    const made: Session = { services: [], announced: () => {}, generator: null };
    sessions.set(name, made);
    return made;
  };

  async function open(request: Extract<Request, { open: string }>): Promise<Session> {
    const session = sessionOf(request.open);
    while (session.services.length < request.services) {
      await new Promise<void>((resolve) => (session.announced = resolve));
    }
    const ports = session.services.map(({ port }) => port);
    const options = { ports, connections: request.connections, payload };
    session.generator = await openLoadGenerator(options);
    engine = session.generator.engine;
    return session;
  }

  async function go(session: Session | null, request: Extract<Request, { go: number }>) {
    if (session?.generator == null) throw new Error('go came before open');
    const before = process.cpuUsage();
    const digest = await session.generator.run(request.go, request.digest === true);
    const used = process.cpuUsage(before);
    busy.messages += request.go;
    busy.cpuUs += used.user + used.system;
    return { done: request.go, digest };
  }

  const control = createServer({ noDelay: true }, (socket) => {
    let session: Session | null = null;
    const answer = (message: object): void => void socket.write(`${JSON.stringify(message)}\n`);
    const handle = async (request: Request): Promise<void> => {
      if ('serve' in request) {
        const of = sessionOf(request.serve);
        of.services.push({ port: request.port, control: socket });
        of.announced();
      } else if ('open' in request) {
        session = await open(request);
        answer({ opened: request.open });
      } else {
        answer(await go(session, request));
      }
    };
    sockets.add(socket);
    socket.on('error', () => {}); // 'close' follows
    socket.on('close', () => {
      sockets.delete(socket);
      session?.generator?.close();
      for (const service of session?.services ?? []) service.control.end();
    });
    createInterface({ input: socket }).on('line', (line) => {
      handle(JSON.parse(line) as Request).catch((error: unknown) =>
        answer({ error: error instanceof Error ? error.message : String(error) }),
      );
    });
  });
  control.listen(0, '127.0.0.1');
  await once(control, 'listening');

  return {
    facts: { port: (control.address() as AddressInfo).port },
    async close() {
      for (const socket of sockets) socket.destroy();
      control.close();
      return { engine, unit: 'messages', perJob: 1, handled: busy.messages, cpuUs: busy.cpuUs };
    },
  };
};

function randomBytes(seed: number, size: number): Buffer {
  const random = seeded(seed);
  const bytes = Buffer.alloc(size);
  for (let i = 0; i + 4 <= size; i += 4) bytes.writeInt32LE(random.int(-0x80000000, 0x7fffffff), i);
  return bytes;
}
