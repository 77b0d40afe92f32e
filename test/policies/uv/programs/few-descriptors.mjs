// A server with few file descriptors gets more connections than it has left: it neither hangs nor
// spins, and when some are free again it goes on. The clients are in the process that starts it.
import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { uv } from 'loopdyno';

const [, , drive, role] = process.argv;
if (role === 'server') await server();
else await clients();

async function clients() {
  const limited = `ulimit -n 80; exec "${process.execPath}" "$0" ${drive} server`;
  const child = spawn('/bin/sh', ['-c', limited, fileURLToPath(import.meta.url)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  const answer = () => new Promise((resolve) => child.once('message', resolve));
  const port = await answer();

  let refused = 0;
  const sockets = Array.from({ length: 200 }, () => connect(port, '127.0.0.1'));
  for (const socket of sockets) socket.on('error', () => {}).on('close', () => refused++);
  await wait(300);
  child.send('measure');
  const cpuMs = await answer();
  console.log(`some refused: ${refused > 0 && refused < 200}, calm: ${cpuMs < 100}`);

  for (const socket of sockets) socket.destroy();
  await wait(100);
  const socket = connect(port, '127.0.0.1', () => socket.write('hello'));
  socket.on('data', (bytes) => {
    console.log(`then: ${bytes.toString()}`);
    socket.destroy();
    child.send('end');
  });
}

async function server() {
  const loop = await uv.open({ drive });
  await loop.run(function* () {
    const listening = yield* loop.io.listen({ port: 0 }, function* (stream) {
      for (let bytes; (bytes = yield* stream.read()) !== null;) yield* stream.write(bytes);
    });
    const message = () => new Promise((resolve) => process.once('message', resolve));
    process.send(listening.port);
    yield* loop.adopt(message());
    const before = process.cpuUsage();
    yield* loop.io.sleep(300);
    const { user, system } = process.cpuUsage(before);
    process.send((user + system) / 1000);
    yield* loop.adopt(message());
    yield* listening.close();
  });
  await loop.close();
  process.disconnect();
}
