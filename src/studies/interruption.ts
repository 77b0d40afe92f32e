/** The first SIGINT or SIGTERM ends the current work properly, a second one ends the process at once. */
import { LoopdynoError } from '../text/errors.js';
import { EXIT } from './exit-codes.js';

export interface Interruption {
  readonly signal: AbortSignal;
  /** The exit status; null while nobody has interrupted. */
  exitCode: number | null;
  /** From now on a signal ends the process by its default action. */
  stop(): void;
}

/** The user ended it, and there is no result to show. */
export class InterruptedError extends LoopdynoError {
  readonly exitCode: number;

  constructor(exitCode: number) {
    super('interrupted');
    this.exitCode = exitCode;
  }
}

/** `doing` completes the message "SIGINT: …", for which `clear` makes room on the terminal. */
export function listenForInterruption(doing: string, clear = (): void => {}): Interruption {
  const controller = new AbortController();
  const state: Interruption = {
    signal: controller.signal,
    exitCode: null,
    stop: () => void process.off('SIGINT', onSignal).off('SIGTERM', onSignal),
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    const code = signal === 'SIGINT' ? EXIT.interrupted : EXIT.terminated;
    if (controller.signal.aborted) process.exit(code);
    state.exitCode = code;
    clear();
    process.stderr.write(`\n${signal}: ${doing}\n`);
    controller.abort();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  return state;
}
