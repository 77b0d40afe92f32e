// A task fails, nobody looks, and it is collected: its error must not be lost. Needs --expose-gc.
import { queue } from 'loopdyno';

const loop = await queue.open({
  onError: (error, what) => console.log(`reported: ${what}: ${error.message}`),
});
const fail = () => {
  throw new Error('unseen');
};

function spawnAndForget() {
  loop.spawn(fail, { name: 'lost' });
}

async function look() {
  await loop.run(() => loop.spawn(fail, { name: 'looked at' })).catch(() => {});
}

spawnAndForget();
await look();
const held = loop.spawn(fail, { name: 'held' });
await loop.run(() => loop.io.sleep(1));
for (let i = 0; i < 20; i++) {
  globalThis.gc();
  await new Promise((resolve) => setTimeout(resolve, 5));
}
const { failures } = await loop.close();
console.log(`at close: ${failures.map(({ name }) => name).join()}`);
console.log(`done: ${held.done}`);
