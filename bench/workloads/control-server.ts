/**
 * How a client process is told what to do: a TCP server on which the contestants, one connection each,
 * send a JSON object a line and get answers in the same way. The contestants' end is `workload/lines.ts`.
 */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

/** What is kept for one contestant. */
export interface Visit<Request> {
  /** What it throws is answered as `{ error }`. */
  handle(request: Request): Promise<void>;
  /** The contestant is gone. */
  close(): void;
}

export interface ControlServer {
  readonly port: number;
  close(): void;
}

export async function controlServer<Request>(
  visit: (answer: (message: object) => void, socket: Socket) => Visit<Request>,
): Promise<ControlServer> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    const answer = (message: object): void => void socket.write(`${JSON.stringify(message)}\n`);
    const visitor = visit(answer, socket);
    sockets.add(socket);
    socket.on('error', () => {}); // 'close' follows
    socket.on('close', () => {
      sockets.delete(socket);
      visitor.close();
    });
    createInterface({ input: socket }).on('line', (line) => {
      visitor
        .handle(JSON.parse(line) as Request)
        .catch((error: unknown) =>
          answer({ error: error instanceof Error ? error.message : String(error) }),
        );
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
