/** The client of `echo`: native where the addon is built, else on `node:net`. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { loadNative } from '../../../src/policies/uv/binding.js';

const HOST = '127.0.0.1';

export interface LoadOptions {
  readonly ports: readonly number[];
  /** In all; spread over the ports in turn. */
  readonly connections: number;
  /** A message. Each one sent begins at another place of it and wraps around: no two are alike. */
  readonly payload: Buffer;
}

export interface LoadGenerator {
  readonly engine: 'native' | 'node';
  /** So many messages there and back, one at a time per connection; the digest if it was asked for. */
  run(messages: number, digest: boolean): string | Promise<string>;
  close(): void;
}

export async function openLoadGenerator(options: LoadOptions): Promise<LoadGenerator> {
  const loaded = loadNative();
  if (!loaded.ok) return openNodeLoadGenerator(options);
  const { ports, connections, payload } = options;
  const client = new loaded.native.LoadGenerator({ ports, host: HOST, connections, payload });
  return {
    engine: 'native',
    run: (messages, digest) => client.run(messages, digest).digest,
    close: () => client.close(),
  };
}

async function openNodeLoadGenerator(options: LoadOptions): Promise<LoadGenerator> {
  const { ports, connections, payload } = options;
  const size = payload.length;
  const twice = Buffer.concat([payload, payload]);
  const sockets: Socket[] = [];
  for (let i = 0; i < connections; i++) {
    const port = ports[i % ports.length] as number;
    const socket = connect({ port, host: HOST, noDelay: true });
    await once(socket, 'connect');
    socket.pause();
    sockets.push(socket);
  }
  let sent = 0;

  async function lane(socket: Socket, index: number, share: number, seen: Set<string> | null) {
    for (let k = 0; k < share; k++) {
      const start = sent++ % size;
      const message = twice.subarray(start, start + size);
      socket.write(message);
      const reply = await readExactly(socket, size);
      if (!reply.equals(message)) {
        const at = reply.findIndex((byte, i) => byte !== message[i]);
        throw new Error(`connection ${index}: the echo differs from what was sent at byte ${at}`);
      }
      seen?.add(createHash('sha1').update(reply).digest('hex'));
    }
  }

  return {
    engine: 'node',
    async run(messages, digest) {
      // Which connection gets which message is chance; which messages there are is not.
      const seen = digest ? new Set<string>() : null;
      await Promise.all(
        sockets.map((socket, i) => {
          const share = Math.floor((messages + connections - 1 - i) / connections);
          return lane(socket, i, share, seen);
        }),
      );
      if (seen === null) return '';
      return createHash('sha1')
        .update([...seen].sort().join())
        .digest('hex')
        .slice(0, 16);
    },
    close() {
      for (const socket of sockets) socket.destroy();
    },
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
