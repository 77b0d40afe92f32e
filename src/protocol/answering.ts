/** The child's side of the protocol: reads requests from standard input, answers on descriptor 3, or where the environment says. */
import { writeSync } from 'node:fs';

/** Standard output where a runtime can reach no other: see `runtimes/command.ts`. */
const ANSWERS_FD = Number(process.env['LOOPDYNO_ANSWERS_FD'] ?? 3);

/** The handlers, by the name of the request. */
export type Handlers<Request extends { readonly do: string }> = {
  readonly [Do in Request['do']]?: (
    request: Extract<Request, { readonly do: Do }>,
  ) => object | Promise<object>;
};

/** Answers each request in turn with the result of its handler; exits when the harness is gone. */
export function answerRequests<Request extends { readonly do: string }>(
  handlers: Handlers<Request>,
): void {
  process.on('SIGINT', () => {}); // the harness decides when we end
  let last: Promise<void> = Promise.resolve();
  onLines((line) => {
    last = last.then(async () => {
      try {
        const request = JSON.parse(line) as Request;
        const handle = Object.hasOwn(handlers, request.do)
          ? (handlers[request.do as Request['do']] as (of: Request) => object | Promise<object>)
          : undefined;
        if (handle === undefined) throw new Error(`it does not know '${request.do}'`);
        say(await handle(request));
      } catch (error) {
        const {
          name,
          message,
          stack = '',
        } = error instanceof Error ? error : new Error(`it threw ${String(error)}`);
        say({ failed: { name, message, stack } });
      }
    });
  });
}

/** Written by hand: `node:readline` would add some 60 KiB of heap to a process that is measured. */
function onLines(on: (line: string) => void): void {
  let partial = '';
  process.stdin
    .setEncoding('utf8')
    .on('data', (text: string) => {
      const lines = (partial + text).split('\n');
      partial = lines.pop() as string;
      for (const line of lines) on(line);
    })
    .on('end', () => process.exit(0));
}

function say(answer: object): void {
  const bytes = Buffer.from(`${JSON.stringify(answer)}\n`);
  for (let at = 0; at < bytes.length;) at += writeSync(ANSWERS_FD, bytes, at);
}
