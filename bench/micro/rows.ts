/**
 * The rows of `npm run bench:micro`: each compares one of our primitives with Node's equivalent, both in one process
 * and in turns. A side is a function that does `ops` operations.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { gather } from '../../src/loop/combine.js';
import { LinkedList, type Link } from '../../src/loop/linked-list.js';
import type { Coroutine, Loop } from '../../src/loop/policy.js';
import { microtask } from '../../src/policies/microtask/index.js';
import { queue } from '../../src/policies/queue/index.js';

export interface Row {
  readonly what: string;
  readonly against: string;
  /** The largest accepted ratio, ours over theirs; null where it is V8's own price. */
  readonly aim: number | null;
  /** Opens what both sides need. */
  open(): Promise<Sides>;
}

export interface Sides {
  /** Operations per call; equal for both sides. */
  readonly ops: number;
  readonly ours: () => Promise<unknown>;
  readonly theirs: () => Promise<unknown> | void;
}

const TASKS = 100;

function* yields(count: number) {
  for (let i = 0; i < count; i++) yield;
}

// Awaiting a value that is not a promise is the plain hop through the microtask queue, which is measured here.
/* oxlint-disable typescript/await-thenable */
async function hops(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await undefined;
}

function* leaf() {
  yield;
  return 1;
}
function* middle() {
  return (yield* leaf()) + (yield* leaf());
}
function* nested() {
  let sum = 0;
  for (let i = 0; i < 10; i++) sum += yield* middle();
  return sum;
}

async function leafAsync(): Promise<number> {
  await undefined;
  return 1;
}
/* oxlint-enable typescript/await-thenable */
async function middleAsync(): Promise<number> {
  return (await leafAsync()) + (await leafAsync());
}
async function nestedAsync(): Promise<number> {
  let sum = 0;
  for (let i = 0; i < 10; i++) sum += await middleAsync();
  return sum;
}

function* trivial() {
  return 1;
}
async function trivialAsync(): Promise<number> {
  return 1;
}

class Place implements Link {
  older: Link | null = null;
  newer: Link | null = null;
  readonly ballast = [1, 2, 3];
}

/** Makes places; each leaves when 64 others have come. */
function comeAndLeave(come: (place: Place) => void, leave: (place: Place) => void) {
  const inFlight = times(64, () => new Place());
  for (const place of inFlight) come(place);
  return (count: number): void => {
    for (let i = 0; i < count; i++) {
      leave(inFlight[i % 64] as Place);
      come((inFlight[i % 64] = new Place()));
    }
  };
}

function fullCollection(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}

const times = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);

export const rows: readonly Row[] = [
  {
    what: `queue: task switch at a bare yield, ${TASKS} tasks`,
    against: 'native await hop',
    aim: 0.5,
    async open() {
      const loop = await queue.open();
      return {
        ops: 100 * TASKS,
        ours: () =>
          loop.run(() =>
            gather(
              loop,
              times(TASKS, () => () => yields(100)),
            ),
          ),
        theirs: () => Promise.all(times(TASKS, () => hops(100))),
      };
    },
  },
  {
    what: 'queue: yield* a ready future',
    against: 'native await of a resolved promise',
    aim: 1,
    async open() {
      const loop = await queue.open();
      const future = loop.future<number>();
      future.setResult(1);
      const promise = Promise.resolve(1);
      const ops = 10_000;
      return {
        ops,
        ours: () =>
          loop.run(function* () {
            let sum = 0;
            for (let i = 0; i < ops; i++) sum += yield* future;
            return sum;
          }),
        async theirs() {
          let sum = 0;
          for (let i = 0; i < ops; i++) sum += await promise;
          return sum;
        },
      };
    },
  },
  {
    what: `microtask: ${TASKS} jobs in generator style, three calls deep`,
    against: 'the same in async/await',
    aim: 1.5,
    async open() {
      const loop = await microtask.open();
      return {
        ops: TASKS,
        ours: () =>
          loop.run(() =>
            gather(
              loop,
              times(TASKS, () => () => nested()),
            ),
          ),
        theirs: () => Promise.all(times(TASKS, nestedAsync)),
      };
    },
  },
  {
    what: 'queue: spawn, run and join a trivial task',
    against: 'an async call and its await',
    aim: 2,
    async open() {
      const loop = await queue.open();
      const ops = 2000;
      return {
        ops,
        ours: () =>
          loop.run(function* () {
            for (let i = 0; i < ops; i++) yield* loop.spawn(trivial);
          }),
        async theirs() {
          for (let i = 0; i < ops; i++) await trivialAsync();
        },
      };
    },
  },
  {
    what: 'queue: the same, with a generator function made anew for each',
    against: 'with one made once',
    aim: null,
    async open() {
      const loop = await queue.open();
      const ops = 2000;
      const side = (job: () => () => Coroutine<number>) => () =>
        loop.run(function* () {
          for (let i = 0; i < ops; i++) yield* loop.spawn(job());
        });
      return {
        ops,
        ours: side(
          () =>
            function* () {
              return 1;
            },
        ),
        theirs: side(() => () => trivial()),
      };
    },
  },
  {
    what: 'a list that 64 objects come to and leave, after a full collection',
    against: 'a Set',
    aim: 1,
    async open() {
      const gc = fullCollection();
      const list = new LinkedList<Place>();
      const set = new Set<Place>();
      const ops = 20_000;
      const ours = comeAndLeave(
        (place) => list.add(place),
        (place) => list.remove(place),
      );
      const theirs = comeAndLeave(
        (place) => set.add(place),
        (place) => set.delete(place),
      );
      ours(ops);
      theirs(ops);
      gc();
      return { ops, ours: async () => ours(ops), theirs: () => theirs(ops) };
    },
  },
  {
    what: 'queue: 200,000 timers inserted and cancelled',
    against: 'setTimeout and clearTimeout',
    aim: 0.5,
    async open() {
      const loop = await queue.open();
      const ops = 200_000;
      return {
        ops,
        ours: async () => insertAndCancel(ops, (ms) => loop.callLater(ms, nothing), cancel),
        theirs: () => insertAndCancel(ops, (ms) => setTimeout(nothing, ms), clearTimeout),
      };
    },
  },
];

/** Typical delays of time-outs: a few different ones, all far away. */
function insertAndCancel<T>(
  count: number,
  insert: (ms: number) => T,
  remove: (timer: T) => void,
): void {
  const timers: T[] = [];
  for (let i = 0; i < count; i++) timers.push(insert(30_000 + 1000 * (i % 7)));
  for (const timer of timers) remove(timer);
}

const nothing = (): void => {};
const cancel = (timer: { cancel(): void }): void => timer.cancel();

/** Heap bytes per pending task with its coroutine, over a million tasks. Needs `--expose-gc`. */
export async function bytesPerTask(count = 1_000_000): Promise<number> {
  const gc = globalThis.gc as () => void;
  const loop = await queue.open();
  gc();
  const before = process.memoryUsage().heapUsed;
  const never = loop.future<void>();
  const held = { job: () => waitFor(loop, never) };
  for (let i = 0; i < count; i++) loop.spawn(held.job);
  await loop.run(() => loop.io.sleep(0));
  gc();
  return (process.memoryUsage().heapUsed - before) / count;
}

function* waitFor(_loop: Loop, never: { [Symbol.iterator](): Iterator<undefined, void> } | object) {
  yield* never as Iterable<undefined>;
}
