import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidArgumentError, queue, virtual } from 'loopdyno';
import { PriorityReady, ShuffledReady } from '#dist/src/policies/queue/ready-queues.js';

const entry = (priority: number) => ({ priority, run() {} });

describe('PriorityReady', () => {
  it('gives the highest priority, and among equals the oldest', () => {
    const operation = fc.option(fc.integer({ min: -3, max: 3 }), { freq: 3 });
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 200 }), (operations) => {
        const ready = new PriorityReady();
        let model: ReturnType<typeof entry>[] = [];
        for (const priority of operations) {
          if (priority === null) {
            const top = Math.max(...model.map((one) => one.priority));
            const expected = model.find((one) => one.priority === top);
            expect(ready.shift()).toBe(expected);
            model = model.filter((one) => one !== expected);
          } else {
            const added = entry(priority);
            ready.push(added);
            model.push(added);
          }
          expect(ready.size).toBe(model.length);
        }
      }),
    );
  });
});

describe('ShuffledReady', () => {
  it('gives each entry once, in the same order for the same seed', () => {
    const drawn = (seed: number): number[] => {
      const ready = new ShuffledReady(seed);
      for (let i = 0; i < 50; i++) ready.push(entry(i));
      return Array.from({ length: 50 }, () => ready.shift()?.priority ?? NaN);
    };
    expect(drawn(1)).toEqual(drawn(1));
    expect(drawn(1)).not.toEqual(drawn(2));
    expect(drawn(1).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
    expect(new ShuffledReady(1).shift()).toBeUndefined();
  });
});

describe("queue's strategies", () => {
  it('priority runs the more important first', async () => {
    const loop = await queue.open({ strategy: 'priority' });
    const log: number[] = [];
    for (const priority of [0, 5, -1, 5, 2]) {
      loop.spawn(() => log.push(priority), { priority });
    }
    await loop.run(() => loop.io.sleep(1));
    await loop.close();
    expect(log).toEqual([5, 5, 2, 0, -1]);
  });

  it('each names the tasks that are not done, in the order in which they were spawned', async () => {
    for (const strategy of ['fifo', 'priority', { shuffle: 1 }] as const) {
      const loop = await queue.open({ strategy });
      const never = loop.future<void>();
      const yields = function* () {
        for (;;) yield;
      };
      const waits = function* () {
        yield* never;
      };
      for (const [i, job] of [yields, waits, () => 1, yields, waits, yields].entries()) {
        loop.spawn<unknown>(job, { name: `${i}`, priority: job === waits ? 1 : 0 });
      }
      await loop.run(() => loop.io.sleep(1));
      for (const [i, job] of [waits, () => 1, yields].entries()) {
        loop.spawn<unknown>(job, { name: `late ${i}`, priority: 2 - i });
      }
      const { pending } = await loop.close();
      expect(pending).toEqual([
        { name: '0', waitingFor: null },
        { name: '1', waitingFor: 'a future' },
        { name: '3', waitingFor: null },
        { name: '4', waitingFor: 'a future' },
        { name: '5', waitingFor: null },
        { name: 'late 0', waitingFor: null },
        { name: 'late 1', waitingFor: null },
        { name: 'late 2', waitingFor: null },
      ]);
    }
  });

  it('shuffle is replayed by its seed', async () => {
    const order = async (shuffle: number): Promise<number[]> => {
      const loop = await queue.open({ strategy: { shuffle } });
      const log: number[] = [];
      for (let i = 0; i < 20; i++) loop.callSoon(() => log.push(i));
      await loop.run(() => loop.io.sleep(1));
      await loop.close();
      return log;
    };
    expect(await order(3)).toEqual(await order(3));
    expect(await order(3)).not.toEqual(await order(4));
  });

  it('an unknown one is refused', async () => {
    for (const strategy of ['lifo', { shuffle: 0.5 }, null] as never[]) {
      await expect(queue.open({ strategy })).rejects.toThrow(InvalidArgumentError);
    }
  });
});

describe('virtual', () => {
  it('takes no time for a day of sleeping', async () => {
    const loop = await virtual.open();
    const [began, start] = [process.cpuUsage(), loop.now()];
    await loop.run(function* () {
      for (let hour = 0; hour < 24; hour++) yield* loop.io.sleep(3_600_000);
    });
    expect(loop.now() - start).toBe(24 * 3_600_000);
    const { user, system } = process.cpuUsage(began);
    expect(user + system).toBeLessThan(1_000_000);
    await loop.close();
  });

  it('replays a program: same seed, same trace; another seed, another interleaving', async () => {
    const trace = async (seed?: number): Promise<{ trace: string; log: string }> => {
      const loop = await virtual.open(seed === undefined ? {} : { seed });
      const log: string[] = [];
      await loop.run(function* () {
        const tasks = Array.from({ length: 5 }, (_, i) =>
          loop.spawn(function* () {
            for (let k = 0; k < 3; k++) {
              log.push(`${i}.${k}`);
              if (k === i % 3) yield* loop.io.sleep(10 * k);
              else yield;
            }
          }),
        );
        for (const task of tasks) yield* task;
      });
      await loop.close();
      return { trace: loop.trace, log: log.join(' ') };
    };
    expect(await trace(1)).toEqual(await trace(1));
    expect(await trace()).toEqual(await trace());
    const logs = await Promise.all([1, 2, 3, 4, 5, 6].map(trace));
    expect(new Set(logs.map(({ log }) => log)).size).toBeGreaterThan(3);
    expect(new Set(logs.map((one) => one.trace)).size).toBe(new Set(logs.map((l) => l.log)).size);
  });

  it('keeps the clock still while a file is read', async () => {
    const loop = await virtual.open();
    const order = await loop.run(function* () {
      const log: string[] = [];
      const file = loop.spawn(function* () {
        yield* loop.io.readFile(process.execPath);
        log.push('file');
      });
      yield* loop.io.sleep(1);
      log.push('sleep');
      yield* file;
      return log;
    });
    expect(order).toEqual(['file', 'sleep']);
    await loop.close();
  });
});
