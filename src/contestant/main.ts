/**
 * A contestant: a process of its own in which one policy does one case's work. It works only when
 * it is told to, and is silent in between. See `protocol.ts` for what it is told.
 */
import { policyNamed, workloadNamed } from '../catalogue/named.js';
import type { Loop } from '../loop/policy.js';
import type { Latency, Session } from '../workload/workload.js';
import { answerRequests } from '../protocol/answering.js';
import { harnessCost } from './harness-cost.js';
import { SliceMeasures } from './measures.js';
import type {
  CloseAnswer,
  ContestantRequest,
  InspectAnswer,
  InspectRequest,
  OpenAnswer,
  OpenRequest,
  SliceAnswer,
  SliceRequest,
  WarmAnswer,
  WarmRequest,
} from '../protocol/messages.js';
import { offerJobs } from './open-slice.js';
import { timeSamples } from './samples.js';
import { Recording } from './recording.js';
import { calibrate, warmUp } from './warm-up.js';

let loop: Loop;
let session: Session;
/** Of the slices: from the end of the warm-up on, or of its own slices. */
let measures: SliceMeasures | null = null;
let firstJobMs: number | null = null;
let config: string | null = null;
const recording = new Recording();
/** Jobs whose latency was recorded one by one, and here, before the slices began. */
let timedHere = 0;

const latency: Latency = {
  record(ms) {
    if (measures === null) {
      timedHere++;
      firstJobMs ??= performance.now();
    } else measures.latency.record(ms);
  },
  add: (counts) => measures?.latency.add(counts),
};

async function open(request: OpenRequest): Promise<OpenAnswer> {
  ({ config } = request);
  const policy = await policyNamed(request.policy, config);
  const workload = await workloadNamed(request.workload, config);
  loop = await policy.open(request.trace === true ? { instruments: [recording] } : {});
  const { params, seed, facts } = request;
  session = await loop.run(() => workload.start(loop, { params, seed, facts, latency }));
  const digest = await loop.run(() => session.verify());
  firstJobMs ??= performance.now(); // it timed none: then when the sample was done
  const { concurrency, cycle = 1 } = session;
  return { did: 'open', digest, concurrency, cycle, firstJobMs };
}

/**
 * V8's heap and its compilers' decisions differ with the modules that a process has loaded. `json` under
 * `queue` and under the same policy found in a configuration, with all that imports, differed by 3.7 to
 * 4.6% (±1.4; two runs of some 16 rounds); by 0.3 to 1.3% (±1.6) when both had loaded the same before their
 * warm-up. So every contestant has all modules, but not before its first job, whose time is told.
 */
async function warm({ windowMs, sampleMs, ...most }: WarmRequest): Promise<WarmAnswer> {
  const { catalogueOf } = await import('../catalogue/catalogue.js');
  await catalogueOf(config);
  const [timedBefore, doneBefore] = [timedHere, session.done];
  const batch = await calibrate(loop, session, sampleMs);
  // A job that is timed in the fixture, as a server's are, costs nothing to time here.
  const share = (timedHere - timedBefore) / (session.done - doneBefore);
  measures = new SliceMeasures(loop);
  const rehearsed: SliceRequest = { do: 'slice', ms: windowMs, batch };
  const { jobsPerMs, ms, flat } = await warmUp({ ...most, slice: () => slice(rehearsed) });
  const cost = await harnessCost(loop);
  const harness = { ...cost, jobUs: cost.jobUs * Math.min(1, share) };
  measures = new SliceMeasures(loop);
  return { did: 'warm', jobsPerMs, ms, flat, harness };
}

async function slice({ ms, batch, load }: SliceRequest): Promise<SliceAnswer> {
  const of = (measures ??= new SliceMeasures(loop));
  const before = session.done;
  let cpu = { cpuUserUs: 0, cpuSystemUs: 0 };
  const edges = { begin: () => of.begin(), end: () => void (cpu = of.end()) };
  if (load !== undefined) {
    const offered = await offerJobs(loop, session, { ms, load, ...edges });
    of.add(offered.offered);
    return { did: 'slice', ...offered, allJobs: session.done - before, ...cpu };
  }
  const samples = await timeSamples(loop, session, { ms, batch, ...edges });
  return { did: 'slice', ...samples, allJobs: session.done - before, ...cpu };
}

async function look(request: InspectRequest): Promise<InspectAnswer> {
  const before = session.done;
  if (request.do === 'trace') {
    recording.start();
    await loop.run(() => session.batch(request.jobs));
    await loop.run(() => session.rest());
    const recorder = recording.stop();
    await recorder.save(request.path);
    const seen = recorder.toJSON().traceEvents.length;
    return { did: request.do, jobs: session.done - before, seen };
  }
  const { profiled } = await import('./profile.js');
  const { ms, batch } = request;
  const seen = await profiled(request.path, async () => {
    await timeSamples(loop, session, { ms, batch });
  });
  return { did: request.do, jobs: session.done - before, seen };
}

async function close(): Promise<CloseAnswer> {
  const all = (measures ?? new SliceMeasures(loop)).all();
  await loop.run(() => session.close());
  const { pending, failures, abandoned } = await loop.close();
  const left = [
    ...pending.map(({ name, waitingFor }) => `task ${name} pending (${waitingFor ?? 'ready'})`),
    ...failures.map(({ name, error }) => `task ${name} failed: ${String(error)}`),
    ...abandoned.map((name) => `the async function of ${name} still running`),
  ];
  setImmediate(() => process.exit(0)); // when the answer is out
  return { did: 'close', left, measures: all };
}

answerRequests<ContestantRequest>(async (request) => {
  switch (request.do) {
    case 'open':
      return open(request);
    case 'warm':
      return warm(request);
    case 'slice':
      return slice(request);
    case 'trace':
    case 'profile':
      return look(request);
    case 'close':
      return close();
  }
});
