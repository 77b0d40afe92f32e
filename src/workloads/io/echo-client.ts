/**
 * `echo-client` (io): the policy as a client. A job opens a connection to an echo server, exchanges 64 messages of 1
 * KiB, one after the other, compares every byte, and closes.
 *
 * A job is a whole conversation and not one message, since a connection cannot cross to a thread and back for each
 * message, and since a machine has some 28,000 ports to connect from, each of which is blocked for a while after its
 * use (on Linux one second on the loopback interface).
 */
import { portable } from '../../loop/portable.js';
import { LoopdynoError } from '../../loop/errors.js';
import { seeded } from '../../stats/random.js';
import { defineWorkload } from '../../workload/define.js';

const MESSAGES = 64;
const SIZE = 1024;
const CONVERSATIONS = 8;

/** The echo differs from what was sent. */
export class EchoError extends LoopdynoError {}

export interface ConversationInput {
  readonly port: number;
  readonly seed: number;
}

export const converse = portable(
  import.meta.url,
  'converse',
  function* (loop, { port, seed }: ConversationInput) {
    const stream = yield* loop.io.connect({ port });
    const message = Buffer.alloc(SIZE);
    let sum = 0;
    for (let n = 0; n < MESSAGES; n++) {
      message.fill(`${seed + n}-`);
      yield* stream.write(message);
      for (let received = 0; received < SIZE;) {
        const bytes = yield* stream.read();
        if (bytes === null)
          throw new EchoError(`the server closed within echo ${n} of ${MESSAGES}`);
        const due = message.subarray(received, received + bytes.byteLength);
        if (due.compare(bytes) !== 0) {
          throw new EchoError(`echo ${n} differs from what was sent, from byte ${received} on`);
        }
        received += bytes.byteLength;
      }
      sum = (Math.imul(sum, 31) + (message[SIZE - 1] as number)) | 0;
    }
    stream.close();
    return `${MESSAGES} echoes, ${sum}`;
  },
);

export const echoClient = defineWorkload({
  name: 'echo-client',
  kind: 'io',
  summary: `TCP echo client: ${CONVERSATIONS} conversations at a time, ${MESSAGES} messages of 1 KiB each`,
  standard: 0,
  fixture: {
    module: new URL('../../fixture/echo-server.js', import.meta.url).href,
    export: 'openEchoServer',
  },
  job: converse,
  inputs({ facts, seed }) {
    const random = seeded(seed);
    return Array.from({ length: 16 }, () => ({
      port: Number(facts['port']),
      seed: random.int(0, 1e9),
    }));
  },
  concurrency: CONVERSATIONS,
});

export { MESSAGES as MESSAGES_PER_JOB };
