/** Settlement where much is in flight: workers that end with their hands full, that block, and that are killed. */
import { describe, expect, it } from 'vitest';
import { WorkerExitError, type Task } from 'loopdyno';
import { BOUND_MS, expectAlive, fault, outcomeOf, pools, withPool } from './kit.js';

const MANY = 10_000;

interface Outcomes {
  readonly results: unknown[];
  readonly errors: unknown[];
}

async function outcomesOf(tasks: readonly Task<unknown>[]): Promise<Outcomes> {
  const all = await Promise.allSettled(tasks);
  return {
    results: all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])),
    errors: all.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : [])),
  };
}

describe.each(pools)('$name: settles when', (pool) => {
  it('a worker ends while its hands are full', { timeout: 4 * BOUND_MS }, async () => {
    // More than a worker may have in hand, in messages as large as they may be.
    await withPool(pool, { size: 2, batch: MANY }, async (loop, submit) => {
      await expectAlive(loop);
      const job = fault('portableExitsOnMinusOne');
      for (const n of [1, 2]) await loop.submit(job, n);
      const inputs = Array.from({ length: MANY }, (_, i) => (i === MANY / 2 ? -1 : i));
      const tasks = inputs.map((n) => submit('portableExitsOnMinusOne', n));
      const { results, errors } = await outcomesOf(tasks);
      expect(errors.length).toBeGreaterThan(0);
      for (const error of errors) expect(error).toBeInstanceOf(WorkerExitError);
      expect(results.length + errors.length).toBe(MANY);
      for (const [i, task] of tasks.entries()) if (!task.hasFailed) expect(task.result()).toBe(i);
      await expectAlive(loop);
    });
  });

  it('a job blocks in Atomics.wait, and the others go on', { timeout: 4 * BOUND_MS }, async () => {
    await withPool(pool, { size: 2 }, async (loop, submit) => {
      await expectAlive(loop);
      const blocking = submit('blocks');
      for (let i = 0; i < 50; i++) {
        const tasks = Array.from({ length: 4 }, (_, n) => submit('portableIdentity', n));
        expect(await Promise.all(tasks.map((task) => outcomeOf(task)))).toEqual([0, 1, 2, 3]);
      }
      blocking.cancel();
      await outcomeOf(blocking);
      await expectAlive(loop);
    });
  });

  it('two pools have the same jobs, and the workers of one end', async () => {
    await withPool(pool, { size: 1 }, async (_one, submitToOne) => {
      await withPool(pool, { size: 1 }, async (other, submitToOther) => {
        const lost = Array.from({ length: 5 }, () => submitToOne('exits'));
        const kept = Array.from({ length: 20 }, (_, n) => submitToOther('portableIdentity', n));
        expect((await outcomesOf(kept)).results).toEqual(Array.from({ length: 20 }, (_, n) => n));
        const { errors } = await outcomesOf(lost);
        expect(errors.filter((error) => error instanceof WorkerExitError)).toHaveLength(5);
        await expectAlive(other);
      });
    });
  });
});

describe('processes: settles when', () => {
  it('a child is killed every 100 ms under 10,000 jobs', { timeout: 8 * BOUND_MS }, async () => {
    const [, processes] = pools;
    await withPool(processes, { size: 2 }, async (loop, submit) => {
      await expectAlive(loop);
      let pid: number | null = null;
      const killed = new Set<number>();
      const timer = setInterval(() => {
        if (pid === null) return;
        killed.add(pid);
        process.kill(pid, 'SIGKILL');
        pid = null; // until another one has answered
      }, 100);
      const tasks = Array.from({ length: MANY }, () => submit('whichProcess'));
      for (const task of tasks) {
        task.onDone(() => {
          const from = task.hasFailed ? null : (task.result() as number);
          if (from !== null && !killed.has(from)) pid = from;
        });
      }
      const { results, errors } = await outcomesOf(tasks);
      clearInterval(timer);
      expect(results.length + errors.length).toBe(MANY);
      expect(killed.size).toBeGreaterThan(0);
      for (const error of errors) expect(error).toBeInstanceOf(WorkerExitError);
      await expectAlive(loop);
    });
  });
});
