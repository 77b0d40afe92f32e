/** The client of `web-socket`: `ws` on Node's own sockets. */
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { echoPeer } from './echo-peer.js';
import { NodeLoadGenerator, type Connection } from './load-generator.js';

export const openWebSocketPeer = echoPeer((options) => NodeLoadGenerator.open(options, connect));

async function connect(host: string, port: number): Promise<Connection> {
  const socket = new WebSocket(`ws://${host}:${port}`, { perMessageDeflate: false });
  await once(socket, 'open');
  return {
    async exchange(message) {
      socket.send(message);
      const [reply] = (await once(socket, 'message')) as [Buffer];
      return reply;
    },
    close: () => socket.terminate(),
  };
}
