/** The child processes of a piece of work. They end with it, and at once when it is aborted. */
import type { Child } from './child.js';

export interface Children {
  readonly children: Set<Child>;
  /** Ends all of them, and resolves when they have ended. */
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
