/**
 * Many APIs requested at once take as long as the slowest of them, and not as long as all together.
 *
 * Each request is a task of its own, waiting for its answer; none of them holds a thread. The servers here
 * run on the same loop, so that the program needs no network.
 */
import { gather } from '../../src/loop/combine.js';
import { HttpClient } from '../../src/workloads/http/client.js';
import { openBackEnds } from './back-ends.js';
import type { Example } from './example.js';

const DELAYS_MS = [40, 10, 60, 20, 50, 30];

export const example: Example = {
  title: 'many APIs at once, in the time of the slowest',
  *main(loop, say) {
    const backEnds = yield* openBackEnds(loop, DELAYS_MS);
    const client = new HttpClient(loop);
    try {
      const began = loop.now();
      const requests = backEnds.origins.map((origin) => () => client.get(`${origin}/price`));
      for (const { status, body } of yield* gather(loop, requests))
        say(`${status} ${body.toString()}`);
      const took = loop.now() - began;
      const together = DELAYS_MS.reduce((sum, ms) => sum + ms);
      say(took < together ? 'sooner than one after the other' : `slow: ${took} ms`);
    } finally {
      client.close();
      yield* backEnds.close();
    }
  },
};
