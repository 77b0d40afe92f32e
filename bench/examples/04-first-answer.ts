/**
 * The first answer wins; the others are cancelled and clean up behind themselves.
 *
 * Cancelling a task raises an error in it at the place where it waits, so that its `finally` runs: here the HTTP client
 * closes the connection whose answer nobody wants. When `firstCompleted` is done, all clean-up is done.
 */
import { firstCompleted } from '../../src/loop/combine.js';
import { HttpClient } from '../../src/workloads/http/client.js';
import { openBackEnds } from './back-ends.js';
import type { Example } from './example.js';

const DELAYS_MS = [400, 20, 300, 80];

export const example: Example = {
  title: 'the first answer wins, then the first two; the others are cancelled',
  *main(loop, say) {
    const backEnds = yield* openBackEnds(loop, DELAYS_MS);
    const client = new HttpClient(loop);
    let cleanedUp = 0;
    const ask = (origin: string) =>
      function* () {
        let answered = false;
        try {
          const { body } = yield* client.get(`${origin}/`);
          answered = true;
          return body.toString();
        } finally {
          if (!answered) cleanedUp++;
        }
      };
    try {
      const [first] = yield* firstCompleted(loop, backEnds.origins.map(ask));
      say(`first: ${first}; cleaned up: ${cleanedUp}`);
      cleanedUp = 0;
      const two = yield* firstCompleted(loop, backEnds.origins.map(ask), 2);
      say(`first two: ${two.join(', ')}; cleaned up: ${cleanedUp}`);
    } finally {
      client.close();
      yield* backEnds.close();
    }
  },
};
