/**
 * Which core is whose.
 *
 *   first core   fixtures' main threads
 *   last core    contestants' main threads, one of which works at a time
 *   any          all other threads: pools, V8's compilers and collectors, child processes
 *
 * Left to themselves, two contestants may stay on two cores for the life of their processes, and the cores
 * of a shared machine are not equally fast. Pairs of processes of the very same code, `microtask`, 8 each,
 * twice, had standard deviations of 22 and 1.4% (sieve) and of 21 and 16% (echo, 1 KiB); with the whole
 * processes on one core, of 1.2 and 0.9% and of 3.9 and 2.3%. Main threads alone, as here: 1.1 and 5.4%
 * (robust, 30 pairs; results/baseline/self-test.md).
 *
 * Only the main thread is pinned, once it has started all others. That of a contestant which works on several
 * cores is not: it would be bound to the core of one of its threads. Without `taskset` (util-linux) or a second core nothing is pinned.
 */
import { execFile, execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';

export interface Pinning {
  readonly contestants: number;
  readonly fixtures: number;
}

let found: Pinning | null | undefined;

/** Null where nothing is pinned. */
export function pinning(): Pinning | null {
  if (found === undefined) {
    const wanted = pinningAmong(allowedCpus());
    found = wanted !== null && canPin(wanted.contestants) ? wanted : null;
  }
  return found;
}

/** Best effort: a process that has gone meanwhile says so to whoever asks it next. */
export async function pin(pid: number | undefined, cpu: number | undefined): Promise<void> {
  if (pid === undefined || cpu === undefined) return;
  await promisify(execFile)('taskset', ['-cp', String(cpu), String(pid)]).catch(() => {});
}

export function pinningAmong(cpus: readonly number[]): Pinning | null {
  const [first] = cpus;
  const last = cpus.at(-1);
  if (first === undefined || last === undefined || first === last) return null;
  return { contestants: last, fixtures: first };
}

/** Of a list such as `0-3,8`, as Linux writes them. */
export function parseCpuList(list: string): number[] {
  return list.split(',').flatMap((part) => {
    const [, from, to = from] = /^\s*(\d+)(?:-(\d+))?\s*$/.exec(part) ?? [];
    if (from === undefined) return [];
    return Array.from({ length: Number(to) - Number(from) + 1 }, (_, i) => Number(from) + i);
  });
}

/** By doing it, as a container may refuse what `taskset` asks. */
function canPin(cpu: number): boolean {
  try {
    execFileSync('taskset', ['-c', String(cpu), 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function allowedCpus(): number[] {
  try {
    const status = readFileSync('/proc/self/status', 'utf8');
    return parseCpuList(/^Cpus_allowed_list:(.*)$/m.exec(status)?.[1] ?? '');
  } catch {
    return [];
  }
}
