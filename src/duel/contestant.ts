/**
 * A contestant: a process of its own in which one policy does one case's work. It works only when
 * it is told to, and is silent in between. See `protocol.ts` for what it is told.
 */
import { Bench } from 'tinybench';
import { workloads } from '../../bench/workloads/index.js';
import type { Loop } from '../loop/policy.js';
import { policies } from '../policies/registry.js';
import type { Session } from '../workload/workload.js';
import { answerRequests } from './answering.js';
import type {
  CloseAnswer,
  ContestantRequest,
  OpenAnswer,
  OpenRequest,
  SliceAnswer,
  SliceRequest,
  WarmAnswer,
  WarmRequest,
} from './protocol.js';

/** In a warm-up a batch may grow to this many jobs; guards against work that takes no time. */
const MOST_JOBS = 1 << 20;

let loop: Loop;
let session: Session;

async function open(request: OpenRequest): Promise<OpenAnswer> {
  const policy = byName(policies, request.policy);
  const workload = byName(workloads, request.workload);
  loop = await policy.open();
  const { params, seed, facts } = request;
  session = await loop.run(() => workload.start(loop, { params, seed, facts }));
  const digest = await loop.run(() => session.verify());
  return { did: 'open', digest, concurrency: session.concurrency };
}

async function warm({ ms, sampleMs }: WarmRequest): Promise<WarmAnswer> {
  const end = performance.now() + ms;
  let jobs = session.concurrency;
  for (;;) {
    const start = performance.now();
    await loop.run(() => session.batch(jobs));
    const now = performance.now();
    if (now >= end) return { did: 'warm', jobsPerMs: jobs / (now - start) };
    if (now - start < sampleMs && jobs < MOST_JOBS) jobs *= 2;
  }
}

async function slice({ ms, batch }: SliceRequest): Promise<SliceAnswer> {
  const bench = new Bench({
    time: ms,
    iterations: 1,
    warmup: false,
    retainSamples: true,
    throws: true,
  });
  bench.add('batch', () => loop.run(() => session.batch(batch)), { async: true });
  const before = process.cpuUsage();
  await bench.run();
  const { user, system } = process.cpuUsage(before);
  const result = bench.tasks[0]?.result;
  if (result?.state !== 'completed') throw new Error(`tinybench ended as ${result?.state}`);
  const samplesMs = result.latency.samples ?? [];
  return {
    did: 'slice',
    jobs: batch * samplesMs.length,
    ms: samplesMs.reduce((sum, sample) => sum + sample, 0),
    cpuUserUs: user,
    cpuSystemUs: system,
    samplesMs: samplesMs.map((sample) => Math.round(sample * 1e5) / 1e5),
  };
}

async function close(): Promise<CloseAnswer> {
  await loop.run(() => session.close());
  const { pending, failures, abandoned } = await loop.close();
  const left = [
    ...pending.map(({ name, waitingFor }) => `task ${name} pending (${waitingFor ?? 'ready'})`),
    ...failures.map(({ name, error }) => `task ${name} failed: ${String(error)}`),
    ...abandoned.map((name) => `the async function of ${name} still running`),
  ];
  setImmediate(() => process.exit(0)); // when the answer is out
  return { did: 'close', left };
}

function byName<T extends { name: string }>(all: readonly T[], name: string): T {
  const found = all.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no ${name} among ${all.map((a) => a.name).join(', ')}`);
  return found;
}

answerRequests<ContestantRequest>(async (request) => {
  switch (request.do) {
    case 'open':
      return open(request);
    case 'warm':
      return warm(request);
    case 'slice':
      return slice(request);
    case 'close':
      return close();
  }
});
