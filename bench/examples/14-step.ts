/**
 * A loop in slow motion: `runOnce` runs one turn and returns whether there is more.
 *
 * `queue` runs in turns: everything that is ready at the beginning of a turn runs once; what becomes ready meanwhile
 * runs in the next turn. Here two tasks take steps in turn. The last part runs the same program under `virtual`, whose
 * clock jumps and whose order is chosen by a seed: the same seed, the same order.
 */
import { virtual } from '../../src/policies/virtual/index.js';
import type { Coroutine, Loop } from '../../src/loop/policy.js';
import type { Example, Say } from './example.js';

function* walk(name: string, steps: number, say: Say): Coroutine<void> {
  for (let step = 1; step <= steps; step++) {
    say(`  ${name}, step ${step}`);
    yield; // lets the others have their turn
  }
}

export const example: Example = {
  title: 'step a loop by hand, and replay it by its seed',
  *main(outer, say) {
    const stepped = (yield* outer.adopt(
      outer.policy.capabilities.step ? outer.policy.open() : virtual.open(),
    )) as Loop;
    stepped.spawn(() => walk('left', 2, say));
    stepped.spawn(() => walk('right', 3, say));
    for (let turn = 1; ; turn++) {
      say(`turn ${turn}`);
      if (!stepped.runOnce()) break;
    }
    yield* outer.adopt(stepped.close());

    const replay = function* (seed: number): Coroutine<string> {
      const order: string[] = [];
      const loop = yield* outer.adopt(virtual.open({ seed }));
      for (const name of ['a', 'b', 'c'])
        loop.spawn(() => walk(name, 2, (line) => order.push(line.trim())));
      while (loop.runOnce());
      yield* outer.adopt(loop.close());
      return order.map((line) => line[0]).join('');
    };
    const [first, again, other] = [yield* replay(7), yield* replay(7), yield* replay(8)];
    say(`seed 7: ${first}; once more: ${again}; seed 8: ${other}`);
  },
};
