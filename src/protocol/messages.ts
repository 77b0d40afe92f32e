/**
 * The messages between the harness and a contestant: one JSON object per line. The harness writes requests to the
 * contestant's standard input and reads answers from its file descriptor 3, one answer per request, in order. Standard
 * output and error stay free for the work under test.
 *
 *   ─▶ { do: 'open', policy, workload, params, seed, facts, config }   ◀─ { did: 'open', digest, … }
 *   ─▶ { do: 'slice', ms, batch }        as often as the warm-up takes ◀─ { did: 'slice', jobs, ms, … }
 *   ─▶ { do: 'reset' }                         from here on it counts  ◀─ { did: 'reset' }
 *   ─▶ { do: 'slice', ms, batch }                        in its turns  ◀─ { did: 'slice', jobs, ms, … }
 *   ─▶ { do: 'close' }                                                 ◀─ { did: 'close', left, harness, … }   and exits
 *
 * A request that fails is answered with { failed: { name, message, stack } }. The end of standard input means that the
 * harness is gone: the contestant then exits. It ignores SIGINT, which the harness handles. Any program that speaks
 * this protocol can compete, in any language: docs/protocol.md has each message in full.
 */
import type { Load, OfferedCounts } from '../workload/open-loop.js';
import type { Facts, FixtureLoad, Jobs, Params } from '../workload/workload.js';
import type { HarnessCost, JobCounts, Measures, Noise } from './measured.js';

export interface OpenRequest {
  do: 'open';
  policy: string;
  workload: string;
  params: Params;
  seed: number;
  facts: Facts;
  /** URL of the module with the project's own policies and workloads; null if it has none. */
  config: string | null;
  /** Whether a `trace` will be requested later. Default false. */
  trace?: boolean;
  /** The work as data, for a program that has none of our code; null if it is not made of jobs. */
  jobs?: Jobs | null;
}

/** Times samples of `batch` jobs until `ms` have passed, and then comes to rest. */
export interface SliceRequest {
  do: 'slice';
  ms: number;
  batch: number;
  /** The shortest untimed start, in ms. Default 3. */
  leadMs?: number;
  /** Makes the slice an open loop: jobs arrive for `ms`, and there are no samples. Default: a closed loop. */
  load?: Load;
}

/** Discards what the slices have measured so far: they were the warm-up. */
export interface ResetRequest {
  do: 'reset';
  /** The core for the program that is measured, where the contestant's own process is not that program. */
  cpu?: number;
}

export interface CloseRequest {
  do: 'close';
  /** The number of jobs to count first. Default: none. */
  count?: number;
}

/** Inspects the work instead of measuring it, and writes a file. */
export type InspectRequest =
  | { do: 'trace'; path: string; jobs: number }
  | { do: 'profile'; path: string; ms: number; batch: number };

export type ContestantRequest =
  OpenRequest | SliceRequest | ResetRequest | InspectRequest | CloseRequest;

export interface OpenAnswer {
  did: 'open';
  /** Digest of the verified sample: equal work gives equal digests. */
  digest: string;
  /** Jobs in flight at the same time. */
  concurrency: number;
  /** Jobs after which the same inputs come again. Default 1. */
  cycle?: number;
  /** Ms from the start of the process until its first job was done. */
  firstJobMs: number;
  /** What it runs on, if that is not this very Node. */
  runtime?: string;
}

export interface SliceAnswer {
  did: 'slice';
  /** Jobs done while a sample was timed. */
  jobs: number;
  /** The sum of the samples' times, in ms. */
  ms: number;
  /** Jobs done in the whole slice, including those that were completed after the last sample. */
  allJobs: number;
  /** Jobs done between the untimed start and the last sample. Default: `allJobs`. */
  cpuJobs?: number;
  /** CPU time of the whole process for these jobs, with all its threads, in µs. */
  cpuUserUs: number;
  cpuSystemUs: number;
  /** Ms per job of each sample, ascending; empty in an open loop. */
  samplesMs: number[];
  /** The number of garbage collections during the slice and their time in ms, where the runtime reports them. */
  collections?: { count: number; ms: number };
  /** What the machine did to the slice, if the contestant can tell. */
  noise?: Noise;
  /** For an open loop, in ms: from the intended arrival to submission, from there to the result, and both together. */
  offered?: OfferedCounts;
}

export interface ResetAnswer {
  did: 'reset';
  /** What measuring costs; it may be said at `close` as well. */
  harness?: HarnessCost;
}

export interface InspectAnswer {
  did: 'trace' | 'profile';
  jobs: number;
  /** The number of events of a trace, or of samples of a profile. */
  seen: number;
}

export interface CloseAnswer {
  did: 'close';
  /** What the loop found pending or failed when it closed; empty if nothing was left. */
  left: string[];
  measures: Measures;
  /** What measuring costs, where `reset` did not say it. */
  harness?: HarnessCost;
  /** Present if counting was requested and possible. */
  counts?: JobCounts;
  /** What became of jobs that went beyond the machine: counts by name, such as `answered` and `lost`. */
  ledger?: Readonly<Record<string, number>>;
  /** What the contestant's own process did in its slices, where it only drives the program that is measured. */
  drove?: { jobs: number; cpuUs: number };
}

/** A fixture's host uses the same protocol, with requests of its own. */
export type FixtureRequest =
  | {
      do: 'openFixture';
      module: string;
      export: string;
      params: Params;
      seed: number;
      folder: string;
      /** Its process has a core of its own, so it may spin while contestants work. */
      spins: boolean;
    }
  | { do: 'tellBusy' }
  | { do: 'closeFixture' };

export type FixtureAnswer =
  | { did: 'openFixture'; facts: Facts; stays: boolean }
  /** CPU time of its process so far, without idle spinning, in µs. */
  | { did: 'tellBusy'; us: number }
  | { did: 'closeFixture'; load: FixtureLoad | null };

export interface Failed {
  failed: { name: string; message: string; stack: string };
}
