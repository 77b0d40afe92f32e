/**
 * Two things at once, printed in order of completion.
 *
 * `loop.io.sleep(ms)` returns a future: something that will have a result. `yield*` waits for it, and while this
 * program waits the loop runs the others.
 */
import { asCompleted } from '../../src/loop/combine.js';
import type { Example } from './example.js';

export const example: Example = {
  title: 'sleep and print, two at once, in order of completion',
  *main(loop, say) {
    const greet = (whom: string, afterMs: number) =>
      function* () {
        yield* loop.io.sleep(afterMs);
        return `hello, ${whom}`;
      };
    // The slower one is started first and finishes last.
    for (const next of asCompleted(loop, [greet('world', 60), greet('loop', 20)])) {
      say(yield* next);
    }
  },
};
