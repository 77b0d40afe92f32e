// A task that only its own loop holds must not be collected while it waits. Needs --expose-gc.
import { policies } from 'loopdyno';

const loop = await policies.find((policy) => policy.name === process.argv[2]).open();
let ended = 0;
for (let i = 0; i < 100; i++) {
  loop.spawn(function* () {
    yield* loop.io.sleep(30);
    ended++;
  });
  const unreachable = new WeakRef(loop.spawn(() => loop.future(), { name: `lost ${i}` }));
  void unreachable;
}
await loop.run(function* () {
  for (let i = 0; i < 5; i++) {
    globalThis.gc();
    yield* loop.io.sleep(2);
  }
  yield* loop.io.sleep(40);
});
const { pending } = await loop.close();
console.log(`ended ${ended}, reported ${pending.length}`);
