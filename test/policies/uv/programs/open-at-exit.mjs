// Ends the process with a loop that is open: by itself, or by process.exit with a live server.
import { uv } from 'loopdyno';

const [, , how, drive] = process.argv;
const loop = await uv.open({ drive });
await loop.run(function* () {
  const server = yield* loop.io.listen({ port: 0 }, (stream) => stream.read());
  const stream = yield* loop.io.connect({ port: server.port });
  void loop.io.readFile(process.execPath);
  if (how === 'exit') process.exit(3);
  yield* server.close();
  stream.close();
});
console.log('ended with an open loop');
