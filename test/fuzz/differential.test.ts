/**
 * Random programs give the same result under every policy, and under `virtual` with any seed; the
 * same seed gives the same trace. `LOOPDYNO_FUZZ_RUNS` sets how many: 150 here, 1000 and more at
 * night. A failure prints the smallest program that shows it, and the seed that finds it again.
 */
import { type Loop, policies, queue, virtual, workers } from 'loopdyno';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { outcome } from './interpret.js';
import { type Program, program } from './program.js';

const RUNS = Number(process.env['LOOPDYNO_FUZZ_RUNS'] ?? 150);
const HANGS_MS = 10_000;
/** To find the smallest program in; one that hangs takes long. */
const LIMIT_MS = 30_000 + RUNS * 200;

const CLEAN = { pending: [], failures: [], abandoned: [] };

/** What runs in real time: every policy, and the strategies of `queue`. */
interface ContestantRun {
  readonly name: string;
  readonly open: () => Promise<Loop>;
  /** Kept from program to program. */
  loop?: Loop | undefined;
}

function onError(error: unknown, what: string): void {
  throw new Error(`reported: ${what}`, { cause: error });
}

const runs: ContestantRun[] = [
  { name: 'queue, shuffled', open: () => queue.open({ onError, strategy: { shuffle: 7 } }) },
  { name: 'queue, by priority', open: () => queue.open({ onError, strategy: 'priority' }) },
  { name: 'workers', open: () => workers.open({ onError, threads: 1 }) },
];
for (const policy of policies) {
  const known = policy.name === 'virtual' || policy.name === 'workers';
  if (known || !(await policy.probe()).ok) continue;
  runs.push({ name: policy.name, open: () => policy.open({ onError }) });
}

async function within<T>(what: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const hang = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(reject, HANGS_MS, new Error(`${what}: it hangs`));
  });
  try {
    return await Promise.race([work, hang]);
  } finally {
    clearTimeout(timer);
  }
}

async function runReal(run: ContestantRun, source: Program): Promise<unknown> {
  run.loop ??= await run.open();
  const running = run.loop.run((loop) => outcome(loop, source));
  try {
    return await within(run.name, running);
  } catch (error) {
    run.loop = undefined; // the next program gets a sound one
    throw error;
  }
}

async function runVirtual(source: Program, seed?: number): Promise<[unknown, string]> {
  const name = `virtual, seed ${seed ?? 'none'}`;
  const loop = await virtual.open({ onError, ...(seed === undefined ? {} : { seed }) });
  const running = loop.run(() => outcome(loop, source));
  const result = await within(name, running);
  const { trace } = loop;
  expect(await within(name, loop.close()), name).toEqual(CLEAN);
  return [result, trace];
}

it(
  `${RUNS} random programs have the same result everywhere`,
  { timeout: LIMIT_MS + 10_000 },
  async () => {
    const property = fc.asyncProperty(program, fc.integer(), async (source, seed) => {
      const [expected] = await runVirtual(source);
      const [shuffled, trace] = await runVirtual(source, seed);
      expect(shuffled, `virtual, seed ${seed}`).toEqual(expected);
      expect(await runVirtual(source, seed), 'the same seed').toEqual([expected, trace]);
      const results = await Promise.all(runs.map((run) => runReal(run, source)));
      for (const [i, result] of results.entries()) {
        expect(result, runs[i]?.name).toEqual(expected);
      }
    });
    const limit = { interruptAfterTimeLimit: LIMIT_MS, markInterruptAsFailure: true };
    await fc.assert(property, { numRuns: RUNS, ...limit });
  },
);

afterAll(async () => {
  for (const { name, loop } of runs) {
    if (loop?.running === false) expect(await loop.close(), name).toEqual(CLEAN);
  }
});
