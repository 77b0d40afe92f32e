/**
 * `npm run bench:pool`: `workers` and `processes` compared with other pools, and with no pool at all. Every pool has a
 * worker for each core.
 *
 *   identity    a job that does nothing: the cost of sending a job
 *   compute     a job of about 1 ms: how much of the cores is left for work
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
} from '../../src/index.js';
import { pools } from './pools.js';
import { compute, identity } from './portable.js';

const PROGRAM = fileURLToPath(new URL('./program.js', import.meta.url));

const cores = availableParallelism();
const cases = [...new Set([1, cores, 2 * cores, 64])].map((inFlight) => ({ inFlight }));
const concurrency = ({ params }: JobsSetup): number => Number(params['inFlight']);
/** Eight seeds, so that a result that belongs to another job is detected. */
const seeds = ({ seed }: JobsSetup): number[] => Array.from({ length: 8 }, (_, i) => 8 * seed + i);

const workloads = [
  defineWorkload({
    name: 'identity',
    summary: 'a job that does nothing',
    job: identity,
    inputs: (setup) => seeds(setup).map(String),
    concurrency,
    cases,
  }),
  defineWorkload({
    name: 'compute',
    summary: 'a job that computes for about 1 ms',
    job: compute,
    inputs: (setup) => seeds(setup).map((seed) => 1_000_000 + seed),
    concurrency,
    cases,
  }),
];

const programs = Object.keys(pools).map((name): Program => {
  const command = [process.execPath, PROGRAM, name];
  return { name, workloads: ['identity', 'compute'], find: async () => ({ ok: true, command }) };
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
  budget: '8m',
});
