// Waits for what can never happen, in the way its argument names, and prints what it is told.
import { policies } from 'loopdyno';

const [name, how] = process.argv.slice(2);
const loop = await policies.find((policy) => policy.name === name).open();

const jobs = {
  future: function* () {
    yield* loop.future();
  },
  *join() {
    const inner = loop.spawn(() => loop.future(), { name: 'the inner one' });
    yield* inner;
  },
  *cycle() {
    const tasks = [];
    const length = 40; // longer than a join looks for itself
    for (let i = 0; i < length; i++) {
      tasks[i] = loop.spawn(
        function* () {
          yield;
          yield* tasks[(i + 1) % length];
        },
        { name: `link ${i}` },
      );
    }
    yield* tasks[0];
  },
  *timer() {
    const timer = loop.callLater(3_600_000, () => {});
    yield* loop.io.sleep(2);
    timer.cancel();
    yield* loop.future();
  },
  *outside() {
    const timer = loop.callLater(3_600_000, () => {});
    setTimeout(() => timer.cancel(), 5);
    yield* loop.future();
  },
  async async() {
    await loop.future();
  },
};

if (how === 'forever') {
  loop.spawn(() => loop.future(), { name: 'the only one' });
  await loop.runForever().catch((error) => console.log(error.name, error.message));
} else if (how === 'close') {
  loop.spawn(
    function* () {
      try {
        yield* loop.future();
      } finally {
        yield* loop.future();
      }
    },
    { name: 'never cleaned up' },
  );
  await loop.run(function* () {
    yield;
  });
  await loop.close().catch((error) => console.log(error.name, error.message));
  console.log(`closed ${loop.closed}`);
  process.exit();
} else {
  await loop.run(jobs[how]).catch((error) => console.log(error.name, error.message));
}
console.log(`running ${loop.running}`);
console.log(`then ${await loop.run(() => loop.io.sleep(1)).then(() => 'it runs again')}`);
await loop.close();
