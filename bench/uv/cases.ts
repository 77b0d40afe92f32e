/** What `npm run bench:uv` measures, who takes part, and what we aim at. */

/** A program, started anew in every round; see `contestants.ts`. */
export type Contestant = 'uv' | 'uv-blocking' | 'microtask' | 'queue' | 'libuv-c' | 'uvloop';

export interface Case {
  readonly name: string;
  readonly kind: 'echo' | 'read' | 'switch';
  /** Bytes of a message or a file; 0 for task switches. */
  readonly size: number;
  readonly contestants: readonly Contestant[];
  /** CPU time of the whole process, or the time that passes, per message, file or switch. */
  readonly by: 'cpu' | 'time';
  readonly aims: readonly Aim[];
}

/** How often the first costs the second: at least, or at most, so much. */
export interface Aim {
  readonly over: Contestant;
  readonly under: Contestant;
  readonly least?: number;
  readonly most?: number;
}

const KIB = 1024;

function echo(size: number, overMicrotask: number): Case {
  return {
    name: `echo ${size / KIB} KiB`,
    kind: 'echo',
    size,
    contestants: ['uv', 'uv-blocking', 'microtask', 'libuv-c', 'uvloop'],
    by: 'cpu',
    aims: [
      { over: 'microtask', under: 'uv', least: overMicrotask },
      { over: 'uv', under: 'libuv-c', most: 1.25 },
      { over: 'uvloop', under: 'uv', least: 1 },
      { over: 'uv', under: 'uv-blocking', most: 1.15 },
    ],
  };
}

function read(name: string, size: number, least: number): Case {
  return {
    name: `read ${name}`,
    kind: 'read',
    size,
    contestants: ['uv', 'uv-blocking', 'microtask'],
    by: 'time',
    aims: [{ over: 'microtask', under: 'uv', least }],
  };
}

export const cases: readonly Case[] = [
  echo(KIB, 1.4),
  echo(10 * KIB, 1.3),
  echo(100 * KIB, 2.3),
  read('4 KiB', 4 * KIB, 3),
  read('4 MiB', 4 * KIB * KIB, 1.2),
  {
    name: 'task switch',
    kind: 'switch',
    size: 0,
    contestants: ['uv', 'uv-blocking', 'queue'],
    by: 'time',
    aims: [{ over: 'uv', under: 'queue', most: 1.1 }],
  },
];
