/**
 * The progress of a run: on a terminal a live line, under the table so far if the run has one; otherwise a plain line
 * now and then. It is called only between rounds, so that drawing never disturbs a measurement.
 */
import type { WriteStream } from 'node:tty';
import { cleanText } from '../text/clean.js';
import { formatElapsed, formatParams } from '../text/format.js';
import { LiveArea } from './live-area.js';

export interface ProgressState {
  readonly workload: string;
  readonly params: Readonly<Record<string, number | string>>;
  /** The round of this case, from 0. */
  readonly round: number;
  readonly elapsedMs: number;
  readonly leftMs: number;
  /** The table so far, in at most so many columns and rows; without lines if there is none that fits. */
  readonly table?: (room: Room) => readonly string[];
}

/** What a terminal has room for. */
export interface Room {
  readonly width: number;
  readonly height: number;
}

/** The time between two plain lines, in ms. */
const PLAIN_MS = 10_000;

export class ProgressLine {
  private readonly out: NodeJS.WriteStream;
  /** Null where lines cannot be drawn over. */
  private readonly area: LiveArea | null;
  private nextPlain = 0;

  constructor(out: NodeJS.WriteStream, env: NodeJS.ProcessEnv = process.env) {
    this.out = out;
    const live = out.isTTY && env['CI'] === undefined && env['TERM'] !== 'dumb';
    this.area = live ? new LiveArea(out) : null;
  }

  show({ workload, params, round, elapsedMs, leftMs, table }: ProgressState): void {
    const what = [workload, formatParams(params)].filter((part) => part !== '').join(' ');
    const line =
      `${wholeSeconds(elapsedMs)}, about ${wholeSeconds(leftMs)} to go: ` +
      `${cleanText(what)}, round ${round + 1}`;
    if (this.area !== null) {
      // 0 if the terminal does not report it. The last column and the last row stay free.
      const [columns, rows] = (this.out as WriteStream).getWindowSize();
      const room = { width: (columns || 80) - 1, height: (rows || 24) - 2 };
      const lines = table?.(room) ?? [];
      this.area.draw([...lines, line.slice(0, room.width)]);
    } else if (elapsedMs >= this.nextPlain) {
      this.nextPlain = elapsedMs + PLAIN_MS;
      this.out.write(`${line}\n`);
    }
  }

  /** Removes what is live. */
  clear(): void {
    this.area?.clear();
  }
}

function wholeSeconds(ms: number): string {
  return formatElapsed(Math.round(ms / 1000) * 1000);
}
