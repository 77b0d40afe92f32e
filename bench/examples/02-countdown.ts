/**
 * Many tasks, one list of results.
 *
 * `gather` starts a task for each job and returns their results in the order of the jobs, whichever was done first.
 */
import { gather } from '../../src/loop/combine.js';
import type { Example } from './example.js';

const COUNTERS = [3, 1, 2];

export const example: Example = {
  title: 'countdowns side by side, and the results of all',
  *main(loop, say) {
    const countdown = (from: number) =>
      function* () {
        for (let left = from; left > 0; left--) {
          say(`${from}: ${left}`);
          yield* loop.io.sleep(15);
        }
        return `${from} has counted down`;
      };
    for (const result of yield* gather(loop, COUNTERS.map(countdown))) say(result);
  },
};
