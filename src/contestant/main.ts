/**
 * A contestant: a process of its own in which one policy does one case's work. It works only on request and is silent
 * in between; `protocol/messages.ts` has the requests.
 *
 * This folder is the measuring error: whatever the process holds besides the loop, its policy and its workload affects
 * every number. It imports nothing that a slice does not need.
 */
import { policyNamed, workloadNamed } from '../catalogue/named.js';
import type { Loop } from '../loop/policy.js';
import { answerRequests } from '../protocol/answering.js';
import type { HarnessCost, JobCounts } from '../protocol/measured.js';
import type {
  CloseAnswer,
  CloseRequest,
  ContestantRequest,
  InspectAnswer,
  InspectRequest,
  OpenAnswer,
  OpenRequest,
  ResetAnswer,
  SliceAnswer,
  SliceRequest,
} from '../protocol/messages.js';
import type { Latency, Session } from '../workload/workload.js';
import { SliceMeasures } from './measures.js';
import type { Recording } from './recording.js';
import { timeSamples } from './samples.js';

let loop: Loop;
let session: Session;
/** What the slices have measured since the last reset. */
let measures: SliceMeasures | null = null;
let firstJobMs: number | null = null;
let recording: Recording | null = null;
/** The number of jobs whose latency was recorded one by one, in this process. */
let timedHere = 0;

const latency: Latency = {
  record(ms) {
    timedHere++;
    if (measures === null) firstJobMs ??= performance.now();
    else measures.latency.record(ms);
  },
  add: (counts) => measures?.latency.add(counts),
};

async function open(request: OpenRequest): Promise<OpenAnswer> {
  const { config, params, seed, facts } = request;
  const policy = await policyNamed(request.policy, config);
  const workload = await workloadNamed(request.workload, config);
  if (request.trace === true) recording = new (await import('./recording.js')).Recording();
  loop = await policy.open(recording === null ? {} : { instruments: [recording] });
  session = await loop.run(() => workload.start(loop, { params, seed, facts, latency }));
  const digest = await loop.run(() => session.verify());
  firstJobMs ??= performance.now(); // if it timed no job: the time when the sample was done
  const { concurrency, cycle = 1 } = session;
  measures = new SliceMeasures(loop);
  return { did: 'open', digest, concurrency, cycle, firstJobMs };
}

async function slice({ load, ...asked }: SliceRequest): Promise<SliceAnswer> {
  const of = measures as SliceMeasures;
  const before = session.done;
  const edges = {
    ready: () => of.ready(),
    begin: () => of.begin(session.done),
    end: () => of.end(session.done),
  };
  if (load !== undefined) {
    const { offerJobs } = await import('./open-slice.js');
    const offered = await offerJobs(loop, session, { ms: asked.ms, load, edges });
    of.add(offered.offered);
    const collections = await of.collected();
    return { did: 'slice', ...offered, allJobs: session.done - before, collections, ...of.last };
  }
  const samples = await timeSamples(loop, session, { ...asked, edges });
  const collections = await of.collected();
  return { did: 'slice', ...samples, allJobs: session.done - before, collections, ...of.last };
}

function reset(): ResetAnswer {
  measures?.close();
  measures = new SliceMeasures(loop);
  return { did: 'reset' };
}

async function look(request: InspectRequest): Promise<InspectAnswer> {
  const before = session.done;
  if (request.do === 'profile') {
    const { profiled } = await import('./profile.js');
    const { path, ms, batch } = request;
    const seen = await profiled(
      path,
      async () => void (await timeSamples(loop, session, { ms, batch })),
    );
    return { did: request.do, jobs: session.done - before, seen };
  }
  if (recording === null) throw new Error('it was not opened to be traced');
  recording.start();
  await loop.run(() => session.batch(request.jobs));
  await loop.run(() => session.rest());
  const recorder = recording.stop();
  await recorder.save(request.path);
  return {
    did: request.do,
    jobs: session.done - before,
    seen: recorder.toJSON().traceEvents.length,
  };
}

async function close({ count = 0 }: CloseRequest): Promise<CloseAnswer> {
  const all = (measures as SliceMeasures).all();
  measures?.close();
  const counts = count === 0 ? null : await counted(count);
  const harness = await cost();
  await loop.run(() => session.close());
  const { pending, failures, abandoned } = await loop.close();
  const left = [
    ...pending.map(({ name, waitingFor }) => `task ${name} pending (${waitingFor ?? 'ready'})`),
    ...failures.map(({ name, error }) => `${name} failed: ${String(error)}`),
    ...abandoned.map((name) => `${name} could not be ended`),
  ];
  setImmediate(() => process.exit(0)); // after the answer is written
  const ledger = ledgerOf(loop);
  return {
    did: 'close',
    left,
    measures: all,
    harness,
    ...(counts && { counts }),
    ...(ledger && { ledger }),
  };
}

/** A loop of the user's own need not have one. */
function ledgerOf(of: Loop): CloseAnswer['ledger'] | null {
  return (of as Loop & { ledger?: CloseAnswer['ledger'] | null }).ledger ?? null;
}

/**
 * Last of all: a second kind of session in the process makes V8 compile the loop's code again, and for both. Before the
 * slices it took a fifth of the rate of `files`.
 */
async function cost(): Promise<HarnessCost> {
  // A job that is timed in the fixture, as a server's are, costs nothing to time here.
  const share = Math.min(1, timedHere / session.done);
  const { harnessCost } = await import('./harness-cost.js');
  const { sampleUs, jobUs } = await harnessCost(loop);
  return { sampleUs, jobUs: jobUs * share };
}

async function counted(jobs: number): Promise<JobCounts> {
  const { countJobs } = await import('./counts.js');
  return countJobs(loop, session, jobs);
}

answerRequests<ContestantRequest>({ open, slice, reset, trace: look, profile: look, close });
