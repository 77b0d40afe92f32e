/**
 * A pipeline: fetch, parse, store. Each stage is a few tasks, and a short queue lies between two of them.
 *
 *   fetch ×4 ──▶ queue of 4 ──▶ parse ──▶ queue of 4 ──▶ store ×2
 *
 * A full queue makes the stage before it wait, so that no more is under way than the slowest stage can take. The store
 * is a Map here; with `REDIS_URL` it is a Redis server (`redis-server`, and REDIS_URL=redis://127.0.0.1).
 */
import { gather } from '../../src/loop/combine.js';
import type { Coroutine } from '../../src/loop/policy.js';
import { Queue } from '../../src/loop/sync.js';
import { HttpClient } from '../../src/workloads/http/client.js';
import { serveHttp } from '../../src/workloads/http/server.js';
import type { Example } from './example.js';
import { openStore } from './store.js';

const ITEMS = 40;
const FETCHERS = 4;
const STORERS = 2;
const ROOM = 4;

interface Price {
  readonly article: string;
  readonly cents: number;
}

export const example: Example = {
  title: 'fetch, parse, store: stages with bounded queues; into Redis where there is one',
  *main(loop, say) {
    const server = yield* serveHttp(loop, { port: 0 }, function* (request, response) {
      const id = Number(request.url.slice(1));
      yield* loop.io.sleep(1);
      yield* response.send(200, JSON.stringify({ article: `article-${id}`, cents: id * 10 }));
    });
    const client = new HttpClient(loop);
    const store = yield* openStore(loop);
    const texts = new Queue<Buffer | null>(loop, { maxSize: ROOM });
    const prices = new Queue<Price | null>(loop, { maxSize: ROOM });
    let [next, fullest] = [0, 0];

    function* fetcher(): Coroutine<void> {
      while (next < ITEMS) {
        const { body } = yield* client.get(`http://127.0.0.1:${server.port}/${next++}`);
        yield* texts.put(body);
        fullest = Math.max(fullest, texts.size);
      }
    }

    function* parser(): Coroutine<void> {
      for (let text = yield* texts.get(); text !== null; text = yield* texts.get()) {
        yield* prices.put(JSON.parse(text.toString()) as Price);
      }
      for (let i = 0; i < STORERS; i++) yield* prices.put(null); // the end, one for each storer
    }

    function* storer(): Coroutine<number> {
      let stored = 0;
      for (let price = yield* prices.get(); price !== null; price = yield* prices.get()) {
        yield* store.put(price.article, String(price.cents));
        stored++;
      }
      return stored;
    }

    function* fetchAll(): Coroutine<void> {
      yield* gather(
        loop,
        Array.from({ length: FETCHERS }, () => fetcher),
      );
      yield* texts.put(null);
    }

    try {
      const storing = gather(
        loop,
        Array.from({ length: STORERS }, () => storer),
      );
      yield* gather(loop, [fetchAll, parser]);
      const stored = (yield* storing).reduce((sum, count) => sum + count);
      let cents = 0;
      for (let id = 0; id < ITEMS; id++) cents += Number(yield* store.get(`article-${id}`));
      say(`${stored} stored, together ${cents} cents (${store.kind})`);
      say(fullest <= ROOM ? `never more than ${ROOM} in a queue` : `${fullest} in a queue`);
    } finally {
      client.close();
      yield* server.close();
      yield* store.close();
    }
  },
};
