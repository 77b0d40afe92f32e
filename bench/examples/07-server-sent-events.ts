/**
 * Server-sent events: one producer, a thousand listeners (or `LISTENERS=200`), some of whom do not keep up.
 *
 *   producer ──▶ a short queue for each listener ──▶ its connection
 *
 * If a listener does not read, first its connection fills, then its queue, and then the producer waits for it, but not
 * for long: a listener that is still behind is dropped. So memory is bounded by the number of listeners times the
 * queue's length.
 */
import { TimeoutError } from '../../src/loop/errors.js';
import { gather } from '../../src/loop/combine.js';
import type { Coroutine } from '../../src/loop/policy.js';
import { Event, Queue } from '../../src/loop/sync.js';
import { timeout } from '../../src/loop/timeout.js';
import { HttpClient } from '../../src/workloads/http/client.js';
import { serveHttp } from '../../src/workloads/http/server.js';
import type { Example } from './example.js';

const LISTENERS = Number(process.env['LISTENERS'] ?? 1000);
const SLOW = 10;
const EVENTS = 60;
const ROOM = 8;
const PATIENCE_MS = 1000;
/** Slow listeners are sent this much with each event, so that their connections are full soon. */
const PADDING = `: ${'.'.repeat(512 * 1024)}\n`;

interface Listener {
  readonly queue: Queue<string | null>;
  gone: boolean;
}

export const example: Example = {
  title: 'server-sent events: a thousand listeners, slow ones among them, bounded memory',
  *main(loop, say) {
    const listeners = new Set<Listener>();
    const [allHere, over] = [new Event(loop), new Event(loop)];
    let [letGo, fullest] = [0, 0];

    const server = yield* serveHttp(loop, { port: 0 }, function* (request, response) {
      const listener: Listener = { queue: new Queue(loop, { maxSize: ROOM }), gone: false };
      listeners.add(listener);
      if (listeners.size === LISTENERS) allHere.set();
      const padding = request.url === '/slow' ? PADDING : '';
      yield* response.start(200, { 'Content-Type': 'text/event-stream' });
      for (;;) {
        const event = yield* listener.queue.get();
        if (event === null || listener.gone) break;
        yield* response.write(`${padding}data: ${event}\n\n`);
      }
      yield* response.end();
    });

    function* deliver(listener: Listener, event: string | null): Coroutine<void> {
      try {
        yield* timeout(loop, PATIENCE_MS, listener.queue.put(event));
      } catch (error) {
        if (!(error instanceof TimeoutError)) throw error;
        listener.gone = true;
        listeners.delete(listener);
        letGo++;
      }
    }

    function* produce(): Coroutine<void> {
      yield* allHere.wait();
      for (let number = 1; number <= EVENTS + 1; number++) {
        const event = number > EVENTS ? null : `event ${number}`;
        const behind = [...listeners].filter(({ queue }) => !queue.tryPut(event));
        yield* gather(
          loop,
          behind.map((listener) => () => deliver(listener, event)),
        );
        for (const { queue } of listeners) fullest = Math.max(fullest, queue.size);
        yield* loop.io.sleep(1);
      }
      over.set();
    }

    const client = new HttpClient(loop, { connections: LISTENERS });
    const origin = `http://127.0.0.1:${server.port}`;
    const listen = (slow: boolean) =>
      function* (): Coroutine<number> {
        return yield* client.exchange(
          { url: origin + (slow ? '/slow' : '/') },
          function* (_, body) {
            let [events, last] = [0, ''];
            for (let piece = yield* body.chunk(); piece !== null; piece = yield* body.chunk()) {
              const text = last + Buffer.from(piece).toString();
              events += text.split('\n\n').length - 1;
              last = text.slice(-1) === '\n' && !text.endsWith('\n\n') ? '\n' : '';
              if (slow) yield* over.wait();
            }
            return events;
          },
        );
      };

    try {
      const listening = gather(
        loop,
        Array.from({ length: LISTENERS }, (_, number) => listen(number < SLOW)),
      );
      yield* produce();
      const seen = yield* listening;
      const complete = seen.filter((events) => events === EVENTS).length;
      say(`${complete} listeners saw all ${EVENTS} events`);
      say(`${letGo} did not keep up and were let go`);
      say(fullest <= ROOM ? `never more than ${ROOM} events waited for one` : `${fullest} waited`);
    } finally {
      client.close();
      yield* server.close();
    }
  },
};
