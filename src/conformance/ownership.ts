/** A result that a future hands over is given back if nobody takes it: permits, items, connections. */
import assert from 'node:assert/strict';
import { asCompleted, firstCompleted, gather, wait } from '../loop/combine.js';
import type { Future } from '../loop/future.js';
import type { Coroutine, Loop } from '../loop/policy.js';
import { Lock, Queue, Semaphore } from '../loop/sync.js';
import { shield, timeout } from '../loop/timeout.js';
import { group } from './case.js';
import { outcomeOf, turns } from './helpers.js';
import { withPair } from './stream-helpers.js';

/** Cancels a task that waits for `future` in the moment in which `future` is done. */
function* cancelledAsDone(loop: Loop, future: Future<unknown>, settle: () => void) {
  future.onDone(() => task.cancel()); // comes before the task's next step
  const task = loop.spawn(function* (): Coroutine<void> {
    yield* future;
  });
  yield* turns(2);
  settle();
  yield* outcomeOf(task);
  assert.equal(task.cancelled, true);
}

/** Servers that count their open connections. */
function* countingServers(loop: Loop, count: number) {
  const open = new Set<object>();
  const made = { accepted: 0, open };
  const servers = [];
  for (let i = 0; i < count; i++) {
    servers.push(
      yield* loop.io.listen({ port: 0 }, function* (stream) {
        open.add(stream);
        made.accepted++;
        while ((yield* stream.read()) !== null);
        open.delete(stream);
      }),
    );
  }
  return { made, servers };
}

export const ownership = group('what is handed over', (add) => {
  add('firstCompleted over two queues takes one item, and the other stays', async (kit) => {
    const loop = await kit.open();
    const [a, b] = [new Queue<string>(loop), new Queue<string>(loop)];
    await loop.run(function* () {
      a.tryPut('a1');
      b.tryPut('b1');
      assert.deepEqual(yield* firstCompleted(loop, [a.get(), b.get()]), ['a1']);
      assert.deepEqual([a.size, b.size], [0, 1]);
    });
  });

  add('so it does when both are put in one turn, and when they are jobs', async (kit) => {
    const loop = await kit.open();
    const [a, b] = [new Queue<string>(loop), new Queue<string>(loop)];
    await loop.run(function* () {
      for (const items of [() => [a.get(), b.get()], () => [() => a.get(), () => b.get()]]) {
        const first = loop.spawn(() => firstCompleted(loop, items()));
        yield* turns(6);
        a.tryPut('a');
        b.tryPut('b');
        const [got] = yield* first;
        assert.equal(a.size + b.size, 1);
        assert.equal(got === 'a' ? b.tryGet()?.item : a.tryGet()?.item, got === 'a' ? 'b' : 'a');
      }
    });
  });

  add('firstCompleted over locks takes one', async (kit) => {
    const loop = await kit.open();
    const [one, other] = [new Lock(loop), new Semaphore(loop, 1)];
    await loop.run(function* () {
      yield* firstCompleted(loop, [one.acquire(), other.acquire()]);
      assert.deepEqual([one.locked, other.locked], [true, false]);
    });
  });

  add('firstCompleted that fails, or that never began, keeps nothing', async (kit) => {
    const loop = await kit.open();
    const queue = new Queue<number>(loop);
    const error = new Error('mine');
    await loop.run(function* () {
      queue.tryPut(1);
      queue.tryPut(2);
      const failing = loop.spawn(() => {
        throw error;
      });
      assert.equal(yield* outcomeOf(firstCompleted(loop, [queue.get(), failing], 2)), error);
      assert.equal(queue.size, 2);
      const never = firstCompleted(loop, [queue.get()]);
      never.cancel();
      yield* outcomeOf(never);
      assert.equal(queue.size, 2);
    });
  });

  add('a gather that is cancelled as it is done gives all items back', async (kit) => {
    const loop = await kit.open();
    const queue = new Queue<number>(loop);
    await loop.run(function* () {
      const both = gather(loop, [queue.get(), queue.get()]);
      yield* cancelledAsDone(loop, both, () => {
        queue.tryPut(1);
        queue.tryPut(2);
      });
      assert.equal(queue.size, 2);
    });
  });

  add('a gather that is cancelled while one item is there gives that back', async (kit) => {
    const loop = await kit.open();
    const queue = new Queue<number>(loop);
    await loop.run(function* () {
      const both = gather(loop, [queue.get(), queue.get()]);
      const task = loop.spawn(() => both);
      yield* turns(2);
      queue.tryPut(1);
      yield* turns(2);
      task.cancel();
      yield* outcomeOf(task);
      assert.equal(queue.size, 1);
    });
  });

  add('a time-out that is cancelled as it is done gives its item back', async (kit) => {
    const loop = await kit.open();
    const queue = new Queue<number>(loop);
    await loop.run(function* () {
      const get = timeout(loop, 60_000, queue.get());
      yield* cancelledAsDone(loop, get, () => void queue.tryPut(1));
      assert.equal(queue.size, 1);
      const shielded = shield(loop, () => queue.get());
      queue.tryGet();
      yield* cancelledAsDone(loop, shielded, () => void queue.tryPut(2));
      assert.equal(queue.size, 1);
    });
  });

  add('a shield leaves a future alone that somebody else has', async (kit) => {
    const loop = await kit.open();
    const queue = new Queue<number>(loop);
    await loop.run(function* () {
      const get = queue.get();
      yield* cancelledAsDone(loop, shield(loop, get), () => void queue.tryPut(1));
      assert.equal(yield* get, 1);
      assert.equal(queue.size, 0);
    });
  });

  add('the next of asCompleted, cancelled as it comes, gives its item back', async (kit) => {
    const loop = await kit.open();
    const queue = new Queue<number>(loop);
    await loop.run(function* () {
      const [next] = asCompleted(loop, [queue.get()]);
      assert.ok(next !== undefined);
      yield* cancelledAsDone(loop, next, () => void queue.tryPut(1));
      assert.equal(queue.size, 1);
    });
  });

  add('of two who wait for one item, one that is cancelled takes it from nobody', async (kit) => {
    const loop = await kit.open();
    const queue = new Queue<number>(loop);
    await loop.run(function* () {
      const get = queue.get();
      const [stays, goes] = [loop.spawn(() => get), loop.spawn(() => get)];
      get.onDone(() => goes.cancel());
      yield* turns(2);
      queue.tryPut(1);
      yield* wait(loop, [stays, goes]);
      assert.equal(stays.result(), 1);
      assert.equal(queue.size, 0);
    });
  });

  add('what was given back is cancelled for who asks later', async (kit) => {
    const loop = await kit.open();
    const [a, b] = [new Queue<string>(loop), new Queue<string>(loop)];
    await loop.run(function* () {
      a.tryPut('a1');
      b.tryPut('b1');
      const loser = b.get();
      yield* firstCompleted(loop, [a.get(), loser]);
      assert.equal(loser.cancelled, true);
      assert.equal(yield* b.get(), 'b1');
    });
  });

  add('bytes that lost a race are read by the next read', async (kit) => {
    const loop = await kit.open();
    await withPair(loop, function* ({ here, there }) {
      yield* here.write(Buffer.from('bytes'));
      let read = there.read();
      for (; !read.done; read = there.read()) {
        read.cancel();
        yield* loop.io.sleep(1);
      }
      const won = loop.future<null>();
      won.setResult(null);
      assert.deepEqual(yield* firstCompleted(loop, [won, read]), [null]);
      assert.equal(read.cancelled, true);
      assert.equal(String(yield* there.read()), 'bytes');
    });
  });

  add('a connection whose only owner was cancelled is closed', async (kit) => {
    const loop = await kit.open();
    await loop.run(function* () {
      const { made, servers } = yield* countingServers(loop, 1);
      const [server] = servers;
      assert.ok(server !== undefined);
      const connecting = loop.io.connect({ port: server.port });
      yield* cancelledAsDone(loop, connecting, () => {});
      while (made.accepted === 0 || made.open.size > 0) yield* loop.io.sleep(1);
      yield* server.close();
    });
  });

  add('connections that lost a race are closed', async (kit) => {
    const loop = await kit.open();
    await loop.run(function* () {
      const { made, servers } = yield* countingServers(loop, 6);
      for (let round = 0; round < 4; round++) {
        const connects = servers.map(({ port }) => loop.io.connect({ port }));
        const until = performance.now() + (round % 2 === 0 ? 3 : 0);
        while (performance.now() < until); // so that several are made in one turn
        const [stream] = yield* firstCompleted(loop, connects);
        stream?.close();
        while (made.open.size > 0 || made.accepted === 0) yield* loop.io.sleep(1);
        made.accepted = 0;
      }
      for (const server of servers) yield* server.close();
    });
  });
});
