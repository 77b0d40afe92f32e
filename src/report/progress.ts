/**
 * The progress of a run: a live line on a terminal, otherwise a plain line now and then. It is called only between
 * slices, so that drawing never disturbs a measurement.
 */
import { clearLine, cursorTo } from 'node:readline';
import type { WriteStream } from 'node:tty';
import { cleanText } from '../text/clean.js';
import { formatElapsed, formatParams } from '../text/format.js';

export interface ProgressState {
  readonly workload: string;
  readonly params: Readonly<Record<string, number | string>>;
  /** The round of this case, from 0. */
  readonly round: number;
  readonly elapsedMs: number;
  readonly leftMs: number;
}

/** The time between two plain lines, in ms. */
const PLAIN_MS = 10_000;

export class ProgressLine {
  private readonly out: NodeJS.WriteStream;
  private readonly live: boolean;
  private nextPlain = 0;

  constructor(out: NodeJS.WriteStream) {
    this.out = out;
    this.live = out.isTTY && process.env['CI'] === undefined;
  }

  show({ workload, params, round, elapsedMs, leftMs }: ProgressState): void {
    const what = [workload, formatParams(params)].filter((part) => part !== '').join(' ');
    const line =
      `${wholeSeconds(elapsedMs)}, about ${wholeSeconds(leftMs)} to go: ` +
      `${cleanText(what)}, round ${round + 1}`;
    if (this.live) {
      this.clear();
      this.out.write(line.slice(0, ((this.out as WriteStream).columns || 80) - 1));
    } else if (elapsedMs >= this.nextPlain) {
      this.nextPlain = elapsedMs + PLAIN_MS;
      this.out.write(`${line}\n`);
    }
  }

  /** Removes the live line. */
  clear(): void {
    if (!this.live) return;
    cursorTo(this.out, 0);
    clearLine(this.out, 0);
  }
}

function wholeSeconds(ms: number): string {
  return formatElapsed(Math.round(ms / 1000) * 1000);
}
