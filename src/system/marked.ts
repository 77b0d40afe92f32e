/**
 * Processes by a mark in their environment, on Linux. What a program starts may leave its process group and its parent;
 * its environment it keeps. A mark may be the beginning of several others.
 */
import { readFileSync, readdirSync } from 'node:fs';

export const MARK = 'LOOPDYNO_RACE';

export function marked(mark: string): number[] {
  return processes().filter((pid) => pid !== process.pid && has(pid, `${MARK}=${mark}`));
}

/** Ends them at once; returns how many there were. */
export function endMarked(mark: string): number {
  const pids = marked(mark);
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended meanwhile.
    }
  }
  return pids.length;
}

function processes(): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return []; // no Linux
  }
}

function has(pid: number, variable: string): boolean {
  try {
    return `\0${readFileSync(`/proc/${pid}/environ`, 'latin1')}`.includes(`\0${variable}`);
  } catch {
    return false; // another user's, or it has ended
  }
}
