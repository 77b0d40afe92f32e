/**
 * `npm run bench:pool`: `workers` and `processes` compared with other pools, and with no pool at all. Every pool has a
 * worker for each core.
 *
 *   identity       a job that does nothing: the cost of sending a job
 *   compute        a job of 10, 100, 1,000 or 10,000 µs: how much of the cores is left for work
 *   mix            nine jobs of 10 µs, and one of 1 ms: whether short jobs wait behind long ones
 *   copied, moved  1 MiB there and back
 *
 * The other pools are programs (program.ts), so that none of them pays for a loop of ours.
 */
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import {
  defineConfig,
  definePolicy,
  defineWorkload,
  workers,
  type JobsSetup,
  type Program,
  type Workload,
} from '../../src/index.js';
import { pools } from './pools.js';
import { compute, identity, touch } from './portable.js';

const PROGRAM = fileURLToPath(new URL('./program.js', import.meta.url));
const STEPS_PER_US = 1000;

const cores = availableParallelism();
const inFlights = [...new Set([1, cores, 4 * cores, 64])];
const cases = inFlights.map((inFlight) => ({ inFlight }));
const concurrency = ({ params }: JobsSetup): number => Number(params['inFlight']);
/** Eight numbers, so that a result that belongs to another job is detected. */
const eight = ({ seed }: JobsSetup): number[] =>
  Array.from({ length: 8 }, (_, i) => (8 * seed + i) % 256);

const workloads = [
  defineWorkload({
    name: 'identity',
    summary: 'a job that does nothing',
    job: identity,
    inputs: (setup) => eight(setup).map(String),
    concurrency,
    cases,
  }),
  defineWorkload({
    name: 'compute',
    summary: 'a job that computes',
    job: compute,
    inputs: (setup) =>
      eight(setup).map((n) => Number(setup.params['us'] ?? 1000) * STEPS_PER_US + n),
    concurrency,
    cases: [10, 100, 1000, 10_000].flatMap((us) => inFlights.map((inFlight) => ({ us, inFlight }))),
  }),
  defineWorkload({
    name: 'mix',
    summary: 'nine jobs of 10 µs, and one of 1 ms',
    job: compute,
    inputs: () => [10, 10, 10, 10, 1000, 10, 10, 10, 10, 10].map((us, i) => us * STEPS_PER_US + i),
    concurrency,
    cases,
  }),
  buffers('copied', '1 MiB, copied there and back'),
  buffers('moved', '1 MiB, moved there and back'),
];

/** The same session for every pool: see buffers.ts. */
function buffers(name: 'copied' | 'moved', summary: string): Workload {
  const jobs = (setup: JobsSetup) => ({
    name,
    inputs: eight(setup),
    concurrency: concurrency(setup),
  });
  return defineWorkload({
    name,
    summary,
    kind: 'cpu',
    cases,
    jobs,
    *start(loop, setup) {
      // Imported only here: a thread loads this module, too, if a job is in it.
      const { bufferJobs } = yield* loop.adopt(import('./buffers.js'));
      const { Lanes } = yield* loop.adopt(import('./lanes.js'));
      const run = bufferJobs((bytes, moves) =>
        loop.submit(touch, bytes, moves ? { transfer: [bytes.buffer], moveResult: true } : {}),
      );
      return new Lanes(loop, run, jobs(setup), setup.latency);
    },
  });
}

const programs = Object.keys(pools).map((name): Program => {
  const command = [process.execPath, PROGRAM, name];
  const names = workloads.map((workload) => workload.name);
  return { name, workloads: names, find: async () => ({ ok: true, command }) };
});

export default defineConfig({
  policies: [
    definePolicy({
      ...workers,
      name: 'workers-batch-1',
      summary: 'workers, with one job in a message',
      open: (options) => workers.open({ ...options, batch: 1 }),
    }),
  ],
  workloads,
  programs,
  reference: 'piscina',
  budget: '40m',
});
