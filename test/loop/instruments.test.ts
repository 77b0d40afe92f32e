import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  SlowSteps,
  TraceRecorder,
  microtask,
  queue,
  type Instrument,
  type SlowStep,
} from 'loopdyno';

/** Notes every hook by name. */
function noting(log: string[]): Instrument {
  return {
    spawned: (task) => log.push(`spawned ${task.name}`),
    stepped: (task, began, ended) => {
      expect(ended).toBeGreaterThanOrEqual(began);
      log.push(`stepped ${task.name}`);
    },
    parked: (task, on) => log.push(`parked ${task.name} on ${on.label()}`),
    completed: (task) => log.push(`completed ${task.name}`),
    cancelled: (task) => log.push(`cancelled ${task.name}`),
    turnStarted: () => log.push('turn {'),
    turnEnded: () => log.push('}'),
    idle: () => log.push('idle'),
  };
}

describe('instruments', () => {
  it('see a task from spawn to end, and the turns around it', async () => {
    const log: string[] = [];
    const loop = await queue.open({ instruments: [noting(log)] });
    await loop.run(function* () {
      const child = loop.spawn(() => loop.io.sleep(1), { name: 'child' });
      yield;
      child.cancel();
      yield;
    });
    await loop.close();
    const expected = [
      ['spawned task-1', 'turn {', 'spawned child', 'stepped task-1', '}'],
      ['turn {', 'stepped child', 'parked child on a sleep', 'stepped task-1', '}'],
      ['turn {', 'cancelled child', 'stepped child', 'completed task-1', 'stepped task-1', '}'],
    ];
    expect(log).toEqual(expected.flat());
  });

  it('see tasks under a policy without turns', async () => {
    const log: string[] = [];
    const loop = await microtask.open({ instruments: [noting(log)] });
    await expect(
      loop.run(() => {
        throw new Error('x');
      }),
    ).rejects.toThrow('x');
    await loop.close();
    expect(log).toEqual(['spawned task-1', 'completed task-1', 'stepped task-1']);
  });

  it('are told when the loop sleeps, and for how long', async () => {
    const idle: number[] = [];
    const loop = await queue.open({ instruments: [{ idle: (ms) => idle.push(ms) }] });
    await loop.run(() => loop.io.sleep(200));
    await loop.close();
    expect(idle[0]).toBeGreaterThan(100);
    expect(idle[0]).toBeLessThanOrEqual(200);
  });
});

describe('SlowSteps', () => {
  it('reports a step that holds the loop, with the task and where it was spawned', async () => {
    const found: SlowStep[] = [];
    const watch = new SlowSteps(200, (step) => found.push(step));
    const loop = await queue.open({ instruments: [watch] });
    await loop.run(function* () {
      const hog = loop.spawn(
        function* () {
          yield;
          for (const end = performance.now() + 250; performance.now() < end;);
        },
        { name: 'hog' },
      );
      yield* hog;
    });
    await loop.close();
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ task: 'hog' });
    expect(found[0]?.ms).toBeGreaterThanOrEqual(249);
    expect(found[0]?.spawnedAt).toContain('instruments.test');
  });
});

describe('TraceRecorder', () => {
  it('writes a trace whose slices nest and whose tasks end', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'loopdyno-trace-'));
    const recorder = new TraceRecorder();
    const loop = await queue.open({ instruments: [recorder] });
    await loop.run(function* () {
      yield* loop.spawn(() => loop.io.sleep(2), { name: 'nap' });
    });
    await loop.close();
    const path = join(folder, 'trace.json');
    await recorder.save(path);
    const { traceEvents: events } = JSON.parse(await readFile(path, 'utf8')) as ReturnType<
      typeof recorder.toJSON
    >;
    await rm(folder, { recursive: true });

    const of = (ph: string) => events.filter((event) => event.ph === ph);
    const begun = of('b').map((event) => event.id);
    expect(begun).toHaveLength(2);
    expect(new Set(of('e').map((event) => event.id))).toEqual(new Set(begun));
    expect(of('i').map((event) => event.args?.['on'])).toEqual(["task 'nap'", 'a sleep']);
    const turns = of('X').filter((event) => event.cat === 'turn');
    const steps = of('X').filter((event) => event.cat === 'step');
    expect(steps.length).toBeGreaterThanOrEqual(4);
    for (const step of steps) {
      const end = step.ts + (step.dur ?? 0);
      const around = turns.filter((turn) => turn.ts <= step.ts && end <= turn.ts + (turn.dur ?? 0));
      expect(around).toHaveLength(1);
    }
  });

  it('keeps so many events and counts the rest', async () => {
    const recorder = new TraceRecorder(5);
    const loop = await queue.open({ instruments: [recorder] });
    for (let i = 0; i < 10; i++) await loop.run(() => i);
    await loop.close();
    expect(recorder.toJSON().traceEvents).toHaveLength(5);
    expect(recorder.toJSON().droppedEvents).toBeGreaterThan(10);
  });
});
