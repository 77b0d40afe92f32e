/**
 * The settlement matrix: whatever goes wrong, a submitted job settles within a bound, as the right
 * error, and the pool goes on.
 */
import { describe, expect, it } from 'vitest';
import {
  CancelledError,
  JobCloneError,
  JobModuleError,
  WorkerExitError,
  WorkerOutOfMemoryError,
  type PortableJob,
} from 'loopdyno';
import { BOUND_MS, expectAlive, fault, outcomeOf, pools, withPool, type Pool } from './kit.js';

interface Fault {
  what: string;
  job: PortableJob<unknown, unknown>;
  input?: unknown;
  options?: { resourceLimits: { maxOldGenerationSizeMb: number } };
  only?: Pool['name'];
  check: (outcome: unknown) => void;
}

function exit(pattern: RegExp, jobs = 1): (outcome: unknown) => void {
  return (outcome) => {
    expect(outcome).toBeInstanceOf(WorkerExitError);
    expect(outcome).toMatchObject({ jobs, message: expect.stringMatching(pattern) as unknown });
  };
}

/** The stack of the worker, which says where it happened. */
function cause(outcome: unknown, pattern: RegExp): void {
  expect((outcome as Error).cause).toBeInstanceOf(Error);
  expect(((outcome as Error).cause as Error).stack).toMatch(pattern);
}

const faults: Fault[] = [
  {
    what: 'the job throws',
    job: fault('throws'),
    check: (outcome) => {
      expect(outcome).toMatchObject({ name: 'TypeError', message: 'thrown by the job' });
      expect((outcome as Error).stack).toMatch(/faults\.js/);
    },
  },
  {
    what: 'the job throws an error that cannot be copied',
    job: fault('throwsWeird'),
    check: (outcome) => expect(outcome).toMatchObject({ name: 'Error', message: 'weird' }),
  },
  { what: 'the worker calls process.exit', job: fault('exits'), check: exit(/exit code 3/) },
  {
    what: 'an uncaught error beside the job',
    job: fault('throwsBeside'),
    check: (outcome) => {
      exit(/thrown beside the job/)(outcome);
      cause(outcome, /faults\.js/);
    },
  },
  {
    what: 'a rejection nobody handles, beside the job',
    job: fault('rejectsBeside'),
    check: (outcome) => {
      exit(/rejected beside the job/)(outcome);
      cause(outcome, /faults\.js/);
    },
  },
  {
    what: 'the worker runs out of memory',
    job: fault('fillsMemory'),
    options: { resourceLimits: { maxOldGenerationSizeMb: 32 } },
    check: (outcome) => {
      exit(/out of memory.*resourceLimits/)(outcome);
      expect(outcome).toBeInstanceOf(WorkerOutOfMemoryError);
      expect((outcome as Error).cause).toBeInstanceOf(Error);
    },
  },
  {
    what: 'the module throws at load',
    job: fault('job', 'broken/throws.js'),
    check: (outcome) => {
      expect(outcome).toBeInstanceOf(JobModuleError);
      cause(outcome, /RangeError: thrown at load[^]*broken\/throws\.js/);
    },
  },
  {
    what: 'the module waits for ever at load',
    job: fault('job', 'broken/waits.js'),
    check: (outcome) => {
      expect(outcome).toBeInstanceOf(JobModuleError);
      expect((outcome as Error).message).toMatch(/broken\/waits\.js.*1000 ms/);
    },
  },
  {
    what: 'the module computes for ever at load',
    job: fault('job', 'broken/spins.js'),
    check: (outcome) => expect(outcome).toBeInstanceOf(JobModuleError),
  },
  {
    what: 'the module does not exist',
    job: fault('job', 'no-such.js'),
    check: (outcome) => {
      expect(outcome).toBeInstanceOf(JobModuleError);
      expect((outcome as Error).message).toMatch(/no-such\.js/);
    },
  },
  {
    what: 'the export does not exist',
    job: fault('noSuchExport'),
    check: (outcome) => {
      expect(outcome).toBeInstanceOf(JobModuleError);
      expect((outcome as Error).message).toMatch(/noSuchExport/);
    },
  },
  {
    what: 'the input cannot be copied',
    job: fault('portableIdentity'),
    input: { call: () => 1 },
    check: (outcome) => expect(outcome).toBeInstanceOf(JobCloneError),
  },
  {
    what: 'the result cannot be copied',
    job: fault('givesFunction'),
    check: (outcome) => {
      expect(outcome).toBeInstanceOf(JobCloneError);
      expect((outcome as Error).message).toMatch(/givesFunction.*result/);
    },
  },
  {
    what: 'a getter of the result throws',
    job: fault('givesThrowingGetter'),
    check: (outcome) => expect(outcome).toBeInstanceOf(JobCloneError),
  },
  {
    what: 'a signal kills the worker',
    job: fault('killed'),
    only: 'processes',
    check: exit(/SIGKILL/),
  },
];

for (const pool of pools) {
  describe(`${pool.name}: settles when`, () => {
    for (const one of faults) {
      const { what, job, input, options, only } = one;
      if (only !== undefined && only !== pool.name) continue;
      it(
        what,
        async () => {
          const reported = await withPool(pool, { ...options }, async (loop) => {
            one.check(await outcomeOf(loop.submit(job, input)));
            await expectAlive(loop);
          });
          expect(reported).toEqual([]);
        },
        3 * BOUND_MS,
      );
    }

    it('a worker ends between jobs, which is reported and hurts none', async () => {
      const reported = await withPool(pool, { size: 1, atomics: 'async' }, async (loop, submit) => {
        expect(await outcomeOf(submit('throwsAfter'))).toBe('done');
        const waiting = submit('portableLater', { ms: 50, value: 1 }, { idempotent: true });
        const outcome = await outcomeOf(waiting);
        if (outcome !== 1) exit(/thrown after the job/)(outcome); // it was alone when it happened
        await expectAlive(loop);
      });
      expect(reported.length).toBeLessThanOrEqual(1);
    });

    it('a job is cancelled in the queue, while it waits, and while it computes', async () => {
      await withPool(pool, { size: 1, concurrency: 1 }, async (loop, submit) => {
        await expectAlive(loop);
        for (const name of ['waits', 'spins']) {
          const running = submit(name);
          const queued = submit('portableIdentity', 1);
          await loop.io.sleep(30);
          queued.cancel();
          running.cancel();
          expect(await outcomeOf(queued)).toBeInstanceOf(CancelledError);
          expect(await outcomeOf(running)).toBeInstanceOf(CancelledError);
          await expectAlive(loop);
        }
      });
    });

    it('the pool closes with work in flight, queued, loading and starting', async () => {
      for (const wait of [0, 30, 300]) {
        const loop = await pool.open({ size: 1, onError: () => {} });
        const tasks = [
          loop.submit(fault('spins'), 0),
          loop.submit(fault('waits'), 0),
          loop.submit(fault('job', 'broken/waits.js'), 0),
        ];
        await loop.run(() => loop.io.sleep(wait));
        await loop.close();
        for (const task of tasks) expect(task.cancelled).toBe(true);
      }
    });

    it('no worker is kept, and one crashes', async () => {
      await withPool(pool, { minThreads: 0, minProcesses: 0 }, async (loop, submit) => {
        const tasks = ['exits', 'exits', 'throws'].map((name) => submit(name));
        for (const task of tasks) expect(await outcomeOf(task)).toBeInstanceOf(Error);
        await expectAlive(loop);
      });
    });

    it('no worker can start', async () => {
      const execArgv = ['--import', 'data:text/javascript,process.exit(9)'];
      await withPool(pool, { execArgv, minThreads: 0, minProcesses: 0 }, async (_loop, submit) => {
        const tasks = Array.from({ length: 5 }, (_, i) => submit('portableIdentity', i));
        for (const task of tasks) exit(/at its start.*exit code 9/)(await outcomeOf(task));
      });
    });

    it('a worker does not get ready', async () => {
      const execArgv = ['--import', 'data:text/javascript,for(;;);'];
      const options = { execArgv, startTimeout: 500, size: 1 };
      const reported = await withPool(pool, options, async (_loop, submit) => {
        exit(/not ready within 500 ms/)(await outcomeOf(submit('portableIdentity', 1)));
      });
      expect(reported).toEqual([]);
    });
  });
}
