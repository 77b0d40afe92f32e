/**
 * CPU time of this process's own child processes, on Linux. `getrusage` counts a child only once it
 * has ended, so a pool of processes would seem to use no CPU.
 *
 * A thread's `schedstat` has ns. `stat` has the split into user and system time, in ticks of 10 ms,
 * which is precise enough for a share.
 */
import { readFileSync, readdirSync } from 'node:fs';

export interface CpuUs {
  readonly user: number;
  readonly system: number;
}

export function childrenCpu(): CpuUs {
  return cpuOf(childPids(process.pid));
}

/** CPU time of these processes so far. */
export function cpuOf(pids: readonly string[]): CpuUs {
  let [user, system] = [0, 0];
  for (const pid of pids) {
    const us = totalUs(pid);
    const share = userShare(pid);
    user += us * share;
    system += us * (1 - share);
  }
  return { user, system };
}

/** A process and all that it started, as far as they still live and none between them has ended. */
export function treeOf(pid: number | string): string[] {
  return [String(pid), ...childPids(pid).flatMap(treeOf)];
}

function childPids(pid: number | string): string[] {
  try {
    // Children are listed under the thread that made them; Node makes them on its main thread.
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    return text === '' ? [] : text.split(' ');
  } catch {
    return []; // no Linux, or a kernel that does not list them
  }
}

/** CPU time of a process and all its threads, in µs; 0 where the system does not report it. */
export function totalUs(pid: string): number {
  let ns = 0;
  try {
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      ns += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]);
    }
  } catch {
    // The process, or a thread of it, has ended meanwhile.
  }
  return ns / 1000;
}

/** CPU time of all threads of a process except the main one, in µs; 0 where the system does not report it. */
export function otherThreadsUs(pid: string): number {
  try {
    const main = readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ')[0];
    return totalUs(pid) - Number(main) / 1000;
  } catch {
    return 0;
  }
}

function userShare(pid: string): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [user = 0, system = 0] = [fields[11], fields[12]].map(Number);
    return user + system === 0 ? 1 : user / (user + system);
  } catch {
    return 1;
  }
}
