/**
 * A price list in memory that many read while it is reloaded now and then. No reader sees half of it.
 *
 * There is no lock. A list is never changed: the next one is built separately and then replaces it in one assignment,
 * between two steps of all other tasks. A reader keeps the list it began with.
 */
import { gather } from '../../src/loop/combine.js';
import type { Coroutine } from '../../src/loop/policy.js';
import type { Example } from './example.js';

interface PriceList {
  readonly version: number;
  /** Every price is the version's number, so that a mixture is detected. */
  readonly prices: ReadonlyMap<string, number>;
}

const ARTICLES = 200;
const READERS = 25;
const VERSIONS = 5;

export const example: Example = {
  title: 'many readers of one structure while it is reloaded: no half is ever seen',
  *main(loop, say) {
    let current: PriceList = yield* load(1);
    let [reads, torn, reloading] = [0, 0, true];

    function* load(version: number): Coroutine<PriceList> {
      const prices = new Map<string, number>();
      for (let article = 0; article < ARTICLES; article++) {
        prices.set(`article ${article}`, version);
        if (article % 50 === 0) yield* loop.io.sleep(1); // the store is slow
      }
      return { version, prices };
    }

    function* reload(): Coroutine<void> {
      for (let version = 2; version <= VERSIONS; version++) current = yield* load(version);
      reloading = false;
    }

    function* read(): Coroutine<void> {
      while (reloading) {
        const { version, prices } = current;
        let seen = 0;
        for (const price of prices.values()) {
          if (price !== version) torn++;
          if (++seen % 100 === 0) yield; // others get a turn in the middle of the reading
        }
        if (seen !== ARTICLES) torn++;
        reads++;
        yield* loop.io.sleep(0);
      }
    }

    yield* gather(loop, [reload, ...Array.from({ length: READERS }, () => read)]);
    say(
      `version ${current.version}; ${reads > READERS ? 'many' : 'few'} reads, ${torn} of them torn`,
    );
    say(`${current.prices.size} articles`);
  },
};
