/**
 * What the harness and a contestant say to each other: one JSON object a line. The harness writes
 * requests to the contestant's standard input and reads answers from its file descriptor 3, one
 * answer per request, in order. Standard output and error stay free for the work under test.
 *
 *   ─▶ { do: 'open', policy, workload, params, seed, facts, config }   ◀─ { did: 'open', digest, … }
 *   ─▶ { do: 'slice', ms, batch }        as often as the warm-up takes ◀─ { did: 'slice', jobs, ms, … }
 *   ─▶ { do: 'reset' }                         from here on it counts  ◀─ { did: 'reset', harness }
 *   ─▶ { do: 'slice', ms, batch }                        in its turns  ◀─ { did: 'slice', jobs, ms, … }
 *   ─▶ { do: 'close' }                                                 ◀─ { did: 'close', left, … }   and exits
 *
 * Whatever fails answers { failed: { name, message, stack } }. The end of standard input means that
 * the harness is gone: a contestant exits then. It ignores SIGINT, which is the harness's to handle.
 * Anything that speaks this can compete, whatever it is written in: docs/protocol.md has each message
 * in full.
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
  /** URL of the module with the project's own policies and workloads; null where it has none. */
  config: string | null;
  /** A later `trace` will be asked for. Default false. */
  trace?: boolean;
  /** For a program that has none of our code: the work as data; null where it is not made of jobs. */
  jobs?: Jobs | null;
}

/** Times samples of `batch` jobs until `ms` have passed, and comes to rest. */
export interface SliceRequest {
  do: 'slice';
  ms: number;
  batch: number;
  /** Ms of its untimed start, at least. Default 3. */
  leadMs?: number;
  /** An open loop: jobs arrive for `ms`, and there are no samples. Default: a closed loop. */
  load?: Load;
}

/** Forgets what its slices measured: they were the warm-up. */
export interface ResetRequest {
  do: 'reset';
}

export interface CloseRequest {
  do: 'close';
  /** So many jobs are counted first; none where it is not said. */
  count?: number;
}

/** Looks at the work instead of measuring it, and writes what it saw to a file. */
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
  /** From the start of the process until its first job was done. */
  firstJobMs: number;
  /** What it runs on, where that is not this very Node. */
  runtime?: string;
}

export interface SliceAnswer {
  did: 'slice';
  /** Jobs that were done while a sample was timed. */
  jobs: number;
  /** The sum of the samples' times. */
  ms: number;
  /** Jobs of the whole slice, those too that came to rest after the last sample. */
  allJobs: number;
  /** Of these, those between the untimed start and the last sample; `allJobs` where it is not said. */
  cpuJobs?: number;
  /** CPU time of the whole process for them, all threads. */
  cpuUserUs: number;
  cpuSystemUs: number;
  /** Ms per job of each sample, ascending; empty in an open loop. */
  samplesMs: number[];
  /** Garbage collections during the slice, and their ms, where the runtime says so. */
  collections?: { count: number; ms: number };
  /** What the machine did to the slice, where the contestant can tell. */
  noise?: Noise;
  /** Open loop, in ms: from the intended arrival to submission, from there to the result, and both. */
  offered?: OfferedCounts;
}

export interface ResetAnswer {
  did: 'reset';
  harness: HarnessCost;
}

export interface InspectAnswer {
  did: 'trace' | 'profile';
  jobs: number;
  /** Events of a trace, samples of a profile. */
  seen: number;
}

export interface CloseAnswer {
  did: 'close';
  /** What the loop found pending or failed when it closed; empty when the work was tidy. */
  left: string[];
  measures: Measures;
  /** Where it was asked to count, and can. */
  counts?: JobCounts;
}

/** A fixture's host speaks the same, with requests of its own. */
export type FixtureRequest =
  | {
      do: 'openFixture';
      module: string;
      export: string;
      params: Params;
      seed: number;
      folder: string;
      /** Its process has a core of its own, and need not sleep while contestants work. */
      spins: boolean;
    }
  | { do: 'tellBusy' }
  | { do: 'closeFixture' };

export type FixtureAnswer =
  | { did: 'openFixture'; facts: Facts; stays: boolean }
  /** CPU time of its process so far, without idle spinning. */
  | { did: 'tellBusy'; us: number }
  | { did: 'closeFixture'; load: FixtureLoad | null };

export interface Failed {
  failed: { name: string; message: string; stack: string };
}
