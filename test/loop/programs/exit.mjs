// Leaves everything open that a loop can hold, and closes it: the process must end by itself.
import { policies } from 'loopdyno';

const loop = await policies.find((policy) => policy.name === process.argv[2]).open();
await loop.run(function* () {
  const server = yield* loop.io.listen({ port: 0 }, function* (stream) {
    yield* stream.read();
  });
  const stream = yield* loop.io.connect({ port: server.port });
  loop.spawn(() => stream.read(), { name: 'reader' });
  loop.callLater(3_600_000, () => {});
  loop.spawn(() => loop.io.sleep(3_600_000), { name: 'sleeper' });
  yield* loop.io.sleep(5);
});
loop.io.connect({ port: 1 }).onDone(() => {}); // still opening as the loop closes
const { pending } = await loop.close();
console.log(
  pending
    .map(({ name }) => name.replace(/ .*/, ''))
    .sort()
    .join(),
);
