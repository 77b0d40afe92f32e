/** The child processes of a piece of work: ended with it, and at once when it is aborted. */
import type { Child } from './child.js';

export interface Children {
  readonly children: Set<Child>;
  /** Returns when all are gone. */
  readonly end: () => Promise<void>;
}

export function childrenUntil(signal: AbortSignal): Children {
  const children = new Set<Child>();
  const killAll = (): void => {
    for (const child of children) child.kill();
  };
  signal.addEventListener('abort', killAll);
  return {
    children,
    end: async () => {
      killAll();
      await Promise.all([...children].map((child) => child.gone));
      signal.removeEventListener('abort', killAll);
    },
  };
}
