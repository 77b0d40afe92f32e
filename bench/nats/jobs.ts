/** The jobs of `bench:nats` and of the tests of `nats`. */
import { appendFile } from 'node:fs/promises';
import { portable } from '../../src/loop/portable.js';

const here = import.meta.url;

export const identity = portable(here, 'identity', (_loop, input: unknown) => input);

/** Leaves a line in a file as it begins, and answers after a while. */
export const marked = portable(
  here,
  'marked',
  function* (loop, { file, ms, value }: { file: string; ms: number; value: number }) {
    yield* loop.adopt(appendFile(file, `${value} ${process.pid} ${Date.now()}\n`));
    yield* loop.io.sleep(ms);
    return value;
  },
);

/** Ends its whole agent. */
export const kills = portable(here, 'kills', (): never => {
  process.kill(process.pid, 'SIGKILL');
  throw new Error('it is still there');
});

/** A text of that many characters. */
export const large = portable(here, 'large', (_loop, size: number) => 'x'.repeat(size));

/** Ends its whole agent for -1. */
export const identityOrKill = portable(here, 'identityOrKill', (_loop, input: number) => {
  if (input === -1) process.kill(process.pid, 'SIGKILL');
  return input;
});

export const later = portable(
  here,
  'later',
  function* (loop, { ms, value }: { ms: number; value: number }) {
    yield* loop.io.sleep(ms);
    return value;
  },
);
