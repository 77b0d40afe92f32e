/** The child's side of the protocol: reads requests from standard input, answers on descriptor 3. */
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';

const ANSWERS_FD = 3;

/** Answers each request in turn with what `handle` gives; exits when the harness is gone. */
export function answerRequests<Request>(handle: (request: Request) => Promise<object>): void {
  process.on('SIGINT', () => {}); // the harness decides when we end
  let last: Promise<void> = Promise.resolve();
  createInterface({ input: process.stdin })
    .on('line', (line) => {
      last = last.then(async () => {
        try {
          say(await handle(JSON.parse(line) as Request));
        } catch (error) {
          const {
            name,
            message,
            stack = '',
          } = error instanceof Error ? error : new Error(`it threw ${String(error)}`);
          say({ failed: { name, message, stack } });
        }
      });
    })
    .on('close', () => process.exit(0));
}

function say(answer: object): void {
  const bytes = Buffer.from(`${JSON.stringify(answer)}\n`);
  for (let at = 0; at < bytes.length;) at += writeSync(ANSWERS_FD, bytes, at);
}
