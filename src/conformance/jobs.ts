/** The portable jobs that the submit cases run, on this thread or on another. */
import { threadId } from 'node:worker_threads';
import { portable } from '../loop/portable.js';

const here = import.meta.url;

export const square = portable(here, 'square', (_loop, n: number) => n * n);

export const echo = portable(here, 'echo', (_loop, input: unknown) => input);

/** Shows whether the input is the caller's own object: only then does the caller see the change. */
export const change = portable(here, 'change', (_loop, input: { changed: boolean }) => {
  input.changed = true;
  return input;
});

export const fail = portable(here, 'fail', (_loop, message: string): never => {
  throw new TypeError(message);
});

export const failLater = portable(here, 'failLater', async (_loop, message: string) => {
  await Promise.resolve();
  throw new RangeError(message);
});

export const doubleAsync = portable(here, 'doubleAsync', async (_loop, n: number) => {
  await new Promise((resolve) => setImmediate(resolve));
  return n * 2;
});

export const sleepThen = portable(
  here,
  'sleepThen',
  function* (loop, { ms, value }: { ms: number; value: unknown }) {
    yield* loop.io.sleep(ms);
    return value;
  },
);

export const sizeOf = portable(here, 'sizeOf', function* (loop, path: string) {
  const body = yield* loop.io.readFile(path);
  return body.byteLength;
});

/** Where the job runs: its process and its thread. */
export const whereabouts = (): string => `${process.pid}/${threadId}`;

export const place = portable(here, 'place', whereabouts);

export const giveFunction = portable(here, 'giveFunction', () => () => 'a function');

/**
 * Not a job: what is found under its name cannot be run.
 *
 * @public
 */
export const notAJob = 5;
