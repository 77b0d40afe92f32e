/** Where the pipeline stores things: a Map in this process, or a real Redis if `REDIS_URL` is set. */
import type { Coroutine, Loop } from '../../src/loop/policy.js';

export interface Store {
  readonly kind: 'embedded' | 'redis';
  put(key: string, value: string): Coroutine<void>;
  get(key: string): Coroutine<string | null>;
  close(): Coroutine<void>;
}

export function* openStore(loop: Loop): Coroutine<Store> {
  const url = process.env['REDIS_URL'];
  return url === undefined ? embedded() : yield* redis(loop, url);
}

function embedded(): Store {
  const all = new Map<string, string>();
  return {
    kind: 'embedded',
    *put(key, value) {
      all.set(key, value);
    },
    *get(key) {
      return all.get(key) ?? null;
    },
    *close() {},
  };
}

/** A host library: it works on Node's sockets and returns promises, which the loop adopts. */
function* redis(loop: Loop, url: string): Coroutine<Store> {
  const { createClient } = yield* loop.adopt(import('redis'));
  const client = createClient({ url, socket: { reconnectStrategy: false } });
  client.on('error', () => {}); // the waiting command gets the error
  yield* loop.adopt(client.connect());
  return {
    kind: 'redis',
    *put(key, value) {
      yield* loop.adopt(client.set(key, value));
    },
    *get(key) {
      return yield* loop.adopt(client.get(key));
    },
    *close() {
      yield* loop.adopt(client.close());
    },
  };
}
