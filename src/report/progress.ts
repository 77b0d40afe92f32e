/**
 * How far a run has come: a live line on a terminal, a plain line now and then elsewhere. It is
 * called between slices only, so that drawing never disturbs a measurement.
 */
import { clearLine, cursorTo } from 'node:readline';
import type { WriteStream } from 'node:tty';
import { formatElapsed, formatParams } from './format.js';

export interface ProgressState {
  readonly workload: string;
  readonly params: Readonly<Record<string, number | string>>;
  readonly round: number;
  readonly done: number;
  readonly total: number;
}

export class ProgressLine {
  private readonly out: NodeJS.WriteStream;
  private readonly live: boolean;
  private readonly began = performance.now();
  private lastPlain = -1;

  constructor(out: NodeJS.WriteStream) {
    this.out = out;
    this.live = out.isTTY && process.env['CI'] === undefined;
  }

  show({ workload, params, round, done, total }: ProgressState): void {
    const elapsed = performance.now() - this.began;
    const left =
      done === 0 ? '' : `, about ${wholeSeconds((elapsed / done) * (total - done))} to go`;
    const what = [workload, formatParams(params)].filter((part) => part !== '').join(' ');
    const line = `round ${round + 1}  ${done}/${total}  ${what}  ${wholeSeconds(elapsed)}${left}`;
    if (this.live) {
      this.clear();
      this.out.write(line.slice(0, ((this.out as WriteStream).columns || 80) - 1));
    } else if (round !== this.lastPlain) {
      this.lastPlain = round;
      this.out.write(`${line}\n`);
    }
  }

  /** Takes the live line away. */
  clear(): void {
    if (!this.live) return;
    cursorTo(this.out, 0);
    clearLine(this.out, 0);
  }
}

function wholeSeconds(ms: number): string {
  return formatElapsed(Math.round(ms / 1000) * 1000);
}
