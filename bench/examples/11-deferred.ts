/**
 * The answer first, the work later: a web request that starts some computing and does not wait for it.
 *
 * `submit` runs a job wherever the policy executes jobs: on this very loop, which makes everybody else wait, or in a
 * thread or process (`workers`, `processes`), which does not. A heartbeat shows the difference.
 */
import type { Coroutine } from '../../src/loop/policy.js';
import { portable } from '../../src/loop/portable.js';
import type { Task } from '../../src/loop/task.js';
import { HttpClient } from '../../src/workloads/http/client.js';
import { serveHttp } from '../../src/workloads/http/server.js';
import type { Example } from './example.js';

const BEAT_MS = 5;

/** Some 50 ms of arithmetic. */
export const compute = portable(import.meta.url, 'compute', function* (_loop, rounds: number) {
  let x = 1;
  for (let i = 0; i < rounds; i++) x = (Math.imul(x, 48_271) + i) | 0;
  return x;
});

export const example: Example = {
  title: 'the answer first, the work later; the lag tells where it runs',
  *main(loop, say) {
    const order: string[] = [];
    const works: Task<void>[] = [];
    let [beating, worstMs] = [true, 0];

    function* heartbeat(): Coroutine<void> {
      while (beating) {
        const due = loop.now() + BEAT_MS;
        yield* loop.io.sleep(BEAT_MS);
        worstMs = Math.max(worstMs, loop.now() - due);
      }
    }

    const server = yield* serveHttp(loop, { port: 0 }, function* (_request, response) {
      yield* response.send(202, 'we are on it');
      works.push(
        loop.spawn(function* () {
          yield* loop.io.sleep(BEAT_MS); // the answer is sent before the work begins
          yield* loop.submit(compute, 40_000_000);
          order.push('worked');
        }),
      );
    });
    const client = new HttpClient(loop);
    const beats = loop.spawn(heartbeat);
    const { status, body } = yield* client.get(`http://127.0.0.1:${server.port}/`);
    order.push('answered');
    say(`${status} ${body.toString()}`);
    for (const work of works) yield* work;
    beating = false;
    yield* beats;
    client.close();
    yield* server.close();
    say(order.join(', then '));
    const where = loop.policy.capabilities.parallel ? 'elsewhere' : 'on this loop';
    say(`the work ran ${where}; the loop was ${Math.round(worstMs)} ms late at worst`);
  },
};
