/** What a pool can be told: refused when it is wrong, and done when it is right. */
import { describe, expect, it } from 'vitest';
import {
  InvalidArgumentError,
  JobAbortedError,
  QueueFullError,
  WorkerExitError,
  processes,
  workers,
} from 'loopdyno';
import { expectAlive, fault, outcomeOf, pools, withPool } from './kit.js';

const wrong: [options: object, quoted: RegExp][] = [
  [{ size: 0 }, /(threads|processes) takes .* but got 0/],
  [{ size: 1.5 }, /1\.5/],
  [{ size: 2, minThreads: 3, minProcesses: 3 }, /at most .*2, but got 3/],
  [{ minThreads: -1, minProcesses: -1 }, /-1/],
  [{ inner: 'workers' }, /'microtask', 'queue', 'uv', but got 'workers'/],
  [{ concurrency: 0 }, /concurrency .* 0/],
  [{ isolate: true, concurrency: 2 }, /isolate .* concurrency 2/],
  [{ isolate: 'yes' }, /isolate .* 'yes'/],
  [{ batch: 'all' }, /batch .* 'all'/],
  [{ batch: 0 }, /batch .* 0/],
  [{ maxQueue: -1 }, /maxQueue .* -1/],
  [{ maxQueue: NaN }, /maxQueue .* NaN/],
  [{ idleTimeout: 0 }, /idleTimeout .* 0/],
  [{ loadTimeout: 1e12 }, /loadTimeout .* 1000000000000/],
  [{ startTimeout: '1s' }, /startTimeout .* '1s'/],
  [{ resourceLimits: 64 }, /resourceLimits .* 64/],
  [{ resourceLimits: { maxHeap: 64 } }, /maxHeap: 64/],
  [{ resourceLimits: { stackSizeMb: -4 } }, /stackSizeMb: -4/],
  [{ execArgv: '--jitless' }, /execArgv .* '--jitless'/],
  [{ env: { A: 1 } }, /env .* A: 1/],
  [{ env: 'A=1' }, /env .* 'A=1'/],
  [{ timings: 1 }, /timings .* 1/],
];

/** Runs once per worker, and then ends it. */
const once = {
  module: new URL('./programs/count.mjs', import.meta.url).href,
  export: 'once',
};

describe.each(pools)('$name', (pool) => {
  it.each(wrong)('refuses %j', async (options, quoted) => {
    const opening = pool.open(options);
    await expect(opening).rejects.toThrow(InvalidArgumentError);
    await expect(opening).rejects.toThrow(quoted);
  });

  it('refuses a transfer that is no list', async () => {
    await withPool(pool, {}, async (loop) => {
      const transfer = new ArrayBuffer(8) as never;
      const call = (): unknown => loop.submit(fault('portableIdentity'), 1, { transfer });
      expect(call).toThrow(InvalidArgumentError);
    });
  });

  it.each(['queue', 'microtask', 'uv'] as const)('runs jobs on %s', async (inner) => {
    const available = await (inner === 'uv' ? (await import('loopdyno')).uv.probe() : { ok: true });
    if (!available.ok) return expect(pool.open({ inner })).rejects.toThrow(/uv/);
    await withPool(pool, { inner }, async (loop) => {
      await expectAlive(loop);
      const sleeping = loop.submit(fault('portableLater'), { ms: 5, value: 'late' });
      expect(await outcomeOf(sleeping)).toBe('late');
    });
  });

  it('interleaves jobs that wait, and gives none that computes a second one', async () => {
    await withPool(pool, { size: 1 }, async (loop, submit) => {
      const waiting = Array.from({ length: 3 }, () => submit('waits'));
      const quick = submit('portableIdentity', 1);
      expect(await outcomeOf(quick)).toBe(1); // all beside the three, on the only worker
      const spinning = submit('spins');
      const stuck = submit('portableIdentity', 2);
      await loop.io.sleep(20);
      expect(stuck.done).toBe(false);
      for (const task of [spinning, stuck, ...waiting]) task.cancel();
    });
  });

  it('concurrency 1 gives each job a worker for itself', async () => {
    await withPool(pool, { size: 1, concurrency: 1 }, async (loop, submit) => {
      await expectAlive(loop);
      const first = submit('portableLater', { ms: 30, value: 1 });
      const second = submit('portableIdentity', 2);
      await second;
      expect(first.done).toBe(true);
    });
  });

  it.each([1, 7, 'adaptive'] as const)(
    'gives each its own result in batches of %s',
    async (batch) => {
      await withPool(pool, { batch }, async (_loop, submit) => {
        for (let round = 0; round < 3; round++) {
          const tasks = Array.from({ length: 100 }, (_, i) =>
            i % 10 === 3 ? submit('throws') : submit('portableIdentity', i),
          );
          for (const [i, task] of tasks.entries()) {
            const outcome = await outcomeOf(task);
            if (i % 10 === 3) expect(outcome).toBeInstanceOf(TypeError);
            else expect(outcome).toBe(i);
          }
        }
      });
    },
  );

  it('one input of a batch that cannot be copied fails alone', async () => {
    await withPool(pool, { size: 1, batch: 8 }, async (loop, submit) => {
      await expectAlive(loop);
      const inputs = [1, () => 2, 3, () => 4];
      const outcomes = await Promise.all(
        inputs.map((n) => outcomeOf(submit('portableIdentity', n))),
      );
      expect(outcomes.map((one) => (one instanceof Error ? one.name : one))).toEqual([
        1,
        'JobCloneError',
        3,
        'JobCloneError',
      ]);
    });
  });

  it('maxQueue refuses one more, and room() holds back', async () => {
    await withPool(pool, { size: 1, maxQueue: 2, concurrency: 1 }, async (loop, submit) => {
      await submit('portableIdentity', 0);
      const running = submit('waits');
      await loop.io.sleep(100);
      const queued = [submit('portableIdentity', 1), submit('portableIdentity', 2)];
      const full = await outcomeOf(submit('portableIdentity', 3));
      expect(full).toBeInstanceOf(QueueFullError);
      expect((full as Error).message).toMatch(/2 jobs and maxQueue is 2/);
      const room = loop.room();
      const other = loop.room();
      await loop.io.sleep(5);
      expect(room.done).toBe(false);
      running.cancel();
      await room;
      await other;
      for (const [i, task] of queued.entries()) expect(await outcomeOf(task)).toBe(i + 1);
      for (let i = 0; i < 20; i++) {
        await loop.room();
        submit('portableIdentity', i);
      }
      await loop.room();
    });
  });

  it('isolate gives every job a fresh worker', async () => {
    await withPool(pool, { isolate: true }, async (loop) => {
      const count = {
        module: new URL('./programs/count.mjs', import.meta.url).href,
        export: 'count',
      };
      for (let i = 0; i < 3; i++) expect(await outcomeOf(loop.submit(count, null))).toBe(1);
    });
  });

  it('a job that only shared the worker is run again when it may be', async () => {
    await withPool(pool, { size: 1 }, async (_loop, submit) => {
      const crash = submit('exitsLater', null, { idempotent: true });
      const idempotent = submit('portableLater', { ms: 100, value: 'again' }, { idempotent: true });
      const other = submit('portableLater', { ms: 100, value: 'never' });
      expect(await outcomeOf(idempotent)).toBe('again');
      const lost = await outcomeOf(other);
      expect(lost).toBeInstanceOf(WorkerExitError);
      expect(lost).toMatchObject({
        jobs: 3,
        message: expect.stringMatching(/3 jobs went down/) as string,
      });
      expect(await outcomeOf(crash)).toMatchObject({ name: 'WorkerExitError', jobs: 1 });
    });
  });

  it('a job that the worker had not begun is run again, whatever it is', async () => {
    await withPool(pool, { size: 1, concurrency: 1, batch: 4 }, async (loop, submit) => {
      await submit('portableIdentity', 0);
      await outcomeOf(submit('exits'));
      await submit('portableIdentity', 0);
      // In one message with the one that ends the worker, and behind it.
      const tasks = Array.from({ length: 4 }, () => loop.submit(once, null));
      const outcomes = await Promise.all(tasks.map((task) => outcomeOf(task)));
      expect(outcomes.filter((one) => one instanceof WorkerExitError)).toHaveLength(2);
      expect(outcomes.filter((one) => one === 'ran')).toHaveLength(2);
    });
  });

  it('results that a worker had when it ended are not lost', async () => {
    await withPool(pool, { size: 1, batch: 8 }, async (loop) => {
      const job = { ...once, export: 'untilThree' };
      for (const n of [0, 0]) await loop.submit(job, n);
      const tasks = [0, 1, 2, 3, 4].map((n) => loop.submit(job, n));
      const outcomes = await Promise.all(tasks.map((task) => outcomeOf(task)));
      expect(outcomes[3]).toMatchObject({ name: 'WorkerExitError', jobs: 1 });
      expect(outcomes.toSpliced(3, 1)).toEqual([0, 1, 2, 4]);
    });
  });

  it('a cancelled job that does not stop takes the worker, and says so to the others', async () => {
    await withPool(pool, { size: 1 }, async (loop, submit) => {
      const beside = submit('waits');
      await expectAlive(loop);
      const again = submit('portableLater', { ms: 300, value: 'again' }, { idempotent: true });
      await loop.io.sleep(50);
      const spinning = submit('spins');
      await loop.io.sleep(50);
      spinning.cancel();
      expect(await outcomeOf(beside)).toBeInstanceOf(JobAbortedError);
      expect(await outcomeOf(again)).toBe('again');
    });
  });

  it('an idle worker beyond the minimum ends, and one comes back', async () => {
    await withPool(pool, { minThreads: 0, minProcesses: 0, idleTimeout: 20 }, async (loop) => {
      const count = {
        module: new URL('./programs/count.mjs', import.meta.url).href,
        export: 'count',
      };
      expect(await outcomeOf(loop.submit(count, null))).toBe(1);
      await loop.io.sleep(200);
      expect(await outcomeOf(loop.submit(count, null))).toBe(1);
    });
  });
});

describe('workers', () => {
  it('refuses an unknown way to wait', async () => {
    await expect(workers.open({ atomics: 'busy' as never })).rejects.toThrow(/atomics .* 'busy'/);
  });

  it('moves buffers both ways', async () => {
    const loop = await workers.open({ threads: 1 });
    const input = new Uint8Array(1 << 20).fill(7);
    const result = await loop.run(() =>
      loop.submit(
        fault('portableIdentity'),
        { input },
        {
          transfer: [input.buffer],
          moveResult: true,
        },
      ),
    );
    expect(input.byteLength).toBe(0);
    expect((result as { input: Uint8Array }).input).toEqual(new Uint8Array(1 << 20).fill(7));
    const small = Buffer.from('a window on a slab that cannot be moved');
    const back = await loop.run(() =>
      loop.submit(fault('portableIdentity'), small, { moveResult: true }),
    );
    expect(Buffer.from(back as Uint8Array).toString()).toBe(small.toString());
    await loop.close();
  });
});

describe.each([
  {
    name: 'workers',
    open: () =>
      workers.open({ threads: 1, env: { ...process.env, MODE: 'x' }, execArgv: ['--no-warnings'] }),
  },
  {
    name: 'processes',
    open: () =>
      processes.open({
        processes: 1,
        env: { ...process.env, MODE: 'x' },
        execArgv: ['--no-warnings'],
      }),
  },
])('$name', ({ open }) => {
  it('gives its workers env and execArgv', async () => {
    const loop = await open();
    const program = new URL('./programs/count.mjs', import.meta.url).href;
    const job = { module: program, export: 'surroundings' };
    expect(await loop.run(() => loop.submit(job, null))).toEqual(['x', ['--no-warnings']]);
    await loop.close();
  });
});
