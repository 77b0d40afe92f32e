/**
 * Which processes are pinned to which core.
 *
 *   first core   fixtures' main threads
 *   last core    contestants' main threads, one of which works at a time
 *   any          all other threads: pools, V8's compilers and collectors, child processes
 *
 * If nothing is pinned, two contestants may stay on two different cores for the life of their processes, and the
 * cores of a shared machine are not equally fast. Standard deviation over pairs of processes with the very same code
 * (`microtask`; two series of 8 pairs each, the last row one series of 30 pairs, robust, results/baseline/self-test.md):
 *
 *                                     sieve           echo, 1 KiB
 *   nothing pinned                    22 and 1.4%     21 and 16%
 *   whole processes on one core       1.2 and 0.9%    3.9 and 2.3%
 *   main threads alone, as here       1.1%            5.4%
 *
 * Only the main thread is pinned, once it has started all others. A contestant that works on several cores is not
 * pinned: it would be bound to the core of one of its threads. Without `taskset` (util-linux) or a second core
 * nothing is pinned.
 */
import { execFile, execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';

export interface Pinning {
  readonly contestants: number;
  readonly fixtures: number;
}

let found: Pinning | null | undefined;

/** Where to pin, or null if nothing is pinned. */
export function pinning(): Pinning | null {
  if (found === undefined) {
    const wanted = pinningAmong(allowedCpus());
    found = wanted !== null && canPin(wanted.contestants) ? wanted : null;
  }
  return found;
}

/** Best effort. If the process has ended meanwhile, the next request to it reports that. */
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

/** Parses a CPU list as Linux writes it, for example `0-3,8`. */
export function parseCpuList(list: string): number[] {
  return list.split(',').flatMap((part) => {
    const [, from, to = from] = /^\s*(\d+)(?:-(\d+))?\s*$/.exec(part) ?? [];
    if (from === undefined) return [];
    return Array.from({ length: Number(to) - Number(from) + 1 }, (_, i) => Number(from) + i);
  });
}

/** Finds out by trying, as a container may refuse what `taskset` asks for. */
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
