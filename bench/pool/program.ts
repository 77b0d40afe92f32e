/**
 * A pool that is not ours, as a contestant: `program.js NAME`, which speaks docs/protocol.md.
 *
 *   jobs        lanes.ts ─▶ the pool's own promises
 *   measures    src/contestant/, on a `microtask` loop beside them: the same as of our own contestants
 */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { harnessCost } from '../../src/contestant/harness-cost.js';
import { SliceMeasures } from '../../src/contestant/measures.js';
import { timeSamples } from '../../src/contestant/samples.js';
import type { Latency } from '../../src/index.js';
import { microtask } from '../../src/policies/microtask/index.js';
import { answerRequests } from '../../src/protocol/answering.js';
import type {
  CloseAnswer,
  ContestantRequest,
  OpenAnswer,
  OpenRequest,
  ResetAnswer,
  SliceAnswer,
  SliceRequest,
} from '../../src/protocol/messages.js';
import { bufferJobs } from './buffers.js';
import { Lanes } from './lanes.js';
import { pools } from './pools.js';

const [, , name = ''] = process.argv;
const loop = await microtask.open();
let session: Lanes;
let measures = new SliceMeasures(loop);
let firstJobMs: number | null = null;

const latency: Latency = {
  record(ms) {
    firstJobMs ??= performance.now();
    measures.latency.record(ms);
  },
  add() {}, // all jobs are timed here
};

async function open({ jobs, workload }: OpenRequest): Promise<OpenAnswer> {
  const openPool = pools[name];
  if (openPool === undefined) throw new Error(`there is no pool ${name}`);
  if (jobs == null) throw new Error(`${workload} is not made of jobs`);
  const { run, send } = await openPool(availableParallelism());
  const isBytes = ['copied', 'moved'].includes(jobs.name);
  session = new Lanes(loop, isBytes ? bufferJobs(send) : run, jobs, latency);
  const digest = await loop.run(() => session.verify());
  const { concurrency, cycle } = session;
  const runtime = `Node ${process.versions.node}${versionOf(name)}`;
  return { did: 'open', digest, concurrency, cycle, firstJobMs: firstJobMs ?? 0, runtime };
}

async function reset(): Promise<ResetAnswer> {
  const harness = await harnessCost(loop);
  measures = new SliceMeasures(loop);
  return { did: 'reset', harness };
}

async function slice({ load, ...asked }: SliceRequest): Promise<SliceAnswer> {
  if (load !== undefined) throw new Error('it has no open loop');
  const before = session.done;
  const edges = {
    ready: () => measures.ready(),
    begin: () => measures.begin(session.done),
    end: () => measures.end(session.done),
  };
  const samples = await timeSamples(loop, session, { ...asked, edges });
  const collections = await measures.collected();
  return {
    did: 'slice',
    ...samples,
    allJobs: session.done - before,
    collections,
    ...measures.last,
  };
}

function close(): CloseAnswer {
  setImmediate(() => process.exit(0)); // after the answer is written
  return { did: 'close', left: [], measures: measures.all() };
}

function versionOf(pool: string): string {
  if (pool === 'postMessage') return '';
  const [folder] = /^.*\/node_modules\/[^/]+\//.exec(import.meta.resolve(pool)) ?? [];
  const { version } = JSON.parse(readFileSync(new URL('package.json', folder), 'utf8')) as {
    version: string;
  };
  return `, ${pool} ${version}`;
}

answerRequests<ContestantRequest>({ open, slice, reset, close });
