/**
 * The dispatcher against a model: workers that run on no clock but the test's. The test makes each of them begin its
 * next job, end it, or fail, in any order; so everything that threads may do at once is done here step by step.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { microtask } from 'loopdyno';
import type { CoreLoop } from '#dist/src/loop/core-loop.js';
import { Dispatcher } from '#dist/src/policies/pool/dispatcher.js';
import { Kinds } from '#dist/src/policies/pool/kind.js';
import { checkOptions } from '#dist/src/policies/pool/options.js';
import { PoolJob, type AnyJob } from '#dist/src/policies/pool/pool-job.js';
import * as wire from '#dist/src/policies/pool/protocol.js';

/** Ms of a job, by the name of its export; the pool has to find out. */
const LENGTHS = { cheap: 0.001, medium: 0.5, long: 50 } as const;
type Length = keyof typeof LENGTHS;
const lengths = Object.keys(LENGTHS) as Length[];

/** A worker that does what the test says. */
class Model implements wire.Link {
  readonly canTakeBack = true;
  readonly events: wire.LinkEvents;
  readonly runs: Map<unknown, number>;
  private readonly kinds = new Map<number, Length>();
  private readonly port: { seq: number; kind: number; input: unknown }[] = [];
  private readonly offered = new Set<number>();
  running: { seq: number; input: unknown; length: Length } | null = null;
  gone = false;

  constructor(events: wire.LinkEvents, runs: Map<unknown, number>) {
    this.events = events;
    this.runs = runs;
  }

  send(message: wire.ToWorker): void {
    if (message[0] === wire.Load) this.kinds.set(message[1], message[3] as Length);
    if (message[0] === wire.Load) queueMicrotask(() => this.say([wire.Loaded, message[1]]));
    if (message[0] !== wire.Run) return;
    const [, kind, first, inputs] = message;
    for (const [i, input] of inputs.entries()) {
      this.offered.add(first + i);
      this.port.push({ seq: first + i, kind, input });
    }
  }

  hasBegun(seq: number): boolean {
    return !this.offered.has(seq);
  }

  takeBack(seq: number): boolean {
    return this.offered.delete(seq);
  }

  async end(): Promise<void> {
    this.gone = true;
  }

  /** Begins the next job that is not taken back. */
  begin(): void {
    if (this.gone || this.running !== null) return;
    for (let job = this.port.shift(); job !== undefined; job = this.port.shift()) {
      if (!this.offered.delete(job.seq)) continue;
      const { seq, kind, input } = job;
      this.runs.set(input, (this.runs.get(input) ?? 0) + 1);
      this.running = { seq, input, length: this.kinds.get(kind) as Length };
      return;
    }
    this.say([wire.Free]);
  }

  finish(): void {
    if (this.gone || this.running === null) return;
    const { seq, input, length } = this.running;
    this.running = null;
    this.say([wire.Done, [seq], [input], false, LENGTHS[length], []]);
  }

  crash(): void {
    if (this.gone) return;
    this.gone = true;
    this.events.ended({ error: null, code: 1, signal: null, outOfMemory: false });
  }

  say(message: wire.FromWorker): void {
    if (!this.gone) this.events.message(message);
  }
}

interface Pool {
  readonly dispatcher: Dispatcher;
  readonly workers: Model[];
  readonly runs: Map<unknown, number>;
  readonly add: (length: Length) => AnyJob;
  readonly jobs: AnyJob[];
}

async function openPool(size: number): Promise<Pool> {
  const loop = (await microtask.open()) as CoreLoop;
  const runs = new Map<unknown, number>();
  const workers: Model[] = [];
  const transport: wire.Transport = {
    noun: 'model',
    open(events) {
      const model = new Model(events, runs);
      workers.push(model);
      queueMicrotask(() => model.say([wire.Ready]));
      return model;
    },
  };
  const options = checkOptions(
    { name: 'threads', size, minName: 'minThreads', minSize: undefined },
    {},
  );
  const dispatcher = new Dispatcher(transport, options, () => {});
  const kinds = new Kinds();
  const jobs: AnyJob[] = [];
  const add = (length: Length): AnyJob => {
    const kind = kinds.of({ module: 'model', export: length });
    const job = new PoolJob<unknown>(loop.scheduler, kind, jobs.length).ignore();
    jobs.push(job);
    dispatcher.add(job);
    return job;
  };
  return { dispatcher, workers, runs, add, jobs };
}

/** Lets everything happen that needs no clock: microtasks, and the check phase. */
async function settle(): Promise<void> {
  for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** Runs what is left. */
async function drain({ jobs, workers }: Pool): Promise<void> {
  for (let step = 0; jobs.some((job) => !job.done); step++) {
    expect(step, 'steps until all jobs are done').toBeLessThan(20 * jobs.length + 100);
    for (const worker of workers) {
      worker.begin();
      worker.finish();
    }
    await settle();
  }
}

/** Each job ran once and has its own result, or it was cancelled, or its worker crashed under it. */
function expectEachOnce({ runs, jobs }: Pool): void {
  for (const [input, times] of runs) expect(times, `runs of job ${String(input)}`).toBe(1);
  for (const [i, job] of jobs.entries()) {
    if (!job.hasFailed) expect(job.result()).toBe(i);
    if (!runs.has(i)) expect(job.cancelled, `job ${i}, which never ran`).toBe(true);
  }
}

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ add: fc.constantFrom(...lengths), times: fc.nat({ max: 9 }) }),
  },
  { weight: 6, arbitrary: fc.record({ begin: fc.nat({ max: 2 }) }) },
  { weight: 6, arbitrary: fc.record({ finish: fc.nat({ max: 2 }) }) },
  { weight: 1, arbitrary: fc.record({ crash: fc.nat({ max: 2 }) }) },
  { weight: 1, arbitrary: fc.record({ cancel: fc.nat({ max: 99 }) }) },
);
type Step = Partial<{
  add: Length;
  times: number;
  begin: number;
  finish: number;
  crash: number;
  cancel: number;
}>;

function take(pool: Pool, { add, times = 0, begin, finish, crash, cancel }: Step): void {
  const living = pool.workers.filter((worker) => !worker.gone);
  const at = (index: number): Model | undefined => living[index % Math.max(1, living.length)];
  if (add !== undefined) for (let i = 0; i <= times; i++) pool.add(add);
  if (begin !== undefined) at(begin)?.begin();
  if (finish !== undefined) at(finish)?.finish();
  if (crash !== undefined) at(crash)?.crash();
  if (cancel !== undefined) pool.jobs[cancel % Math.max(1, pool.jobs.length)]?.cancel();
}

describe('the dispatcher', () => {
  it('loses no job and runs none twice, whatever its workers do', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 60 }),
        fc.integer({ min: 1, max: 3 }),
        async (steps, size) => {
          const pool = await openPool(size);
          for (const one of steps) {
            take(pool, one as Step);
            await settle();
          }
          await drain(pool);
          expectEachOnce(pool);
          await pool.dispatcher.close();
        },
      ),
      { numRuns: 60 },
    );
  });

  it('lets no long job wait for a busy worker while another one is free', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const pool = await openPool(3);
        // So that the lengths are known.
        for (const length of lengths) for (let i = 0; i < 9; i++) pool.add(length);
        await drain(pool);
        for (const one of steps) {
          take(pool, one as Step);
          await settle();
          const living = pool.workers.filter((worker) => !worker.gone);
          for (const worker of living) worker.begin(); // all that could begin has begun
          await settle();
          for (const worker of living) worker.begin();
          const free = living.filter((worker) => worker.running === null).length;
          const waiting = pool.jobs.filter(
            (job, i) => !job.done && !pool.runs.has(i) && job.kind.name === 'long',
          );
          if (free > 0) expect(waiting, 'long jobs that wait').toHaveLength(0);
        }
        await drain(pool);
        expectEachOnce(pool);
        await pool.dispatcher.close();
      }),
      { numRuns: 60 },
    );
  });

  it('gives cheap jobs to one worker in a message, and long ones one by one, with one ahead', async () => {
    const pool = await openPool(2);
    for (let i = 0; i < 8; i++) pool.add('cheap');
    await drain(pool);
    const sent: number[] = [];
    for (const worker of pool.workers) {
      const send = worker.send.bind(worker);
      worker.send = (message) => {
        if (message[0] === wire.Run) sent.push(message[3].length);
        send(message);
      };
    }
    for (let i = 0; i < 8; i++) pool.add('cheap');
    await settle();
    expect(sent).toEqual([8]);
    await drain(pool);
    sent.length = 0;
    for (let i = 0; i < 8; i++) pool.add('long');
    await settle();
    expect(sent).toEqual([1, 1, 1, 1]);
    await drain(pool);
    await pool.dispatcher.close();
  });

  it('takes cheap jobs back from a worker that does not react, and gives it no more until it does', async () => {
    const pool = await openPool(2);
    for (let i = 0; i < 8; i++) pool.add('cheap');
    await drain(pool);
    const tasks = Array.from({ length: 8 }, () => pool.add('cheap'));
    await settle();
    const silent = pool.workers.find((worker) => tasks.some((job) => !worker.hasBegun(job.seq)));
    const other = pool.workers.find((worker) => worker !== silent) as Model;
    while (!tasks.every((job) => job.done)) {
      other.begin();
      other.finish();
      await settle();
    }
    const next = pool.add('cheap');
    await settle();
    other.begin();
    other.finish();
    expect(next.done).toBe(true);
    silent?.begin(); // says that it is free
    await drain(pool);
    await pool.dispatcher.close();
  });
});
