/**
 * What the harness and a contestant say to each other: one JSON object a line. The harness writes
 * requests to the contestant's standard input and reads answers from its file descriptor 3, one
 * answer per request, in order. Standard output and error stay free for the work under test.
 *
 *   ─▶ { do: 'open', policy, workload, params, seed, facts, config }   ◀─ { did: 'open', digest, … }
 *   ─▶ { do: 'warm', windowMs, leastMs, mostMs, sampleMs }         ◀─ { did: 'warm', jobsPerMs, ms, flat, … }
 *   ─▶ { do: 'slice', ms, batch }                         ◀─ { did: 'slice', jobs, ms, … }
 *   ─▶ { do: 'close' }                                    ◀─ { did: 'close', left, … }   and exits
 *
 * Whatever fails answers { failed: { name, message, stack } }. The end of standard input means that
 * the harness is gone: a contestant exits then. It ignores SIGINT, which is the harness's to handle.
 * Anything that speaks this can compete, whatever it is written in: docs/protocol.md has each message
 * in full.
 */
import type { HarnessCost, Measures } from './measured.js';
import type { Load, OfferedCounts } from '../workload/open-loop.js';
import type { Facts, FixtureLoad, Jobs, Params } from '../workload/workload.js';

export interface OpenRequest {
  do: 'open';
  policy: string;
  workload: string;
  params: Params;
  seed: number;
  facts: Facts;
  /** URL of the module with the project's own policies and workloads; null where it has none. */
  config: string | null;
  /** A later `trace` will be asked for; false unless told. */
  trace?: boolean;
  /** For a program that has none of our code: the work as data; null where it is not made of jobs. */
  jobs?: Jobs | null;
}

/** Works untimed, in slices of `windowMs`, until their rate has stopped rising: see `warm-up.ts`. */
export interface WarmRequest {
  do: 'warm';
  windowMs: number;
  leastMs: number;
  /** The bound: a rate that still rises then is told, and measured all the same. */
  mostMs: number;
  /** About how long a sample should take. */
  sampleMs: number;
}

/** Times samples of `batch` jobs until `ms` have passed, and comes to rest. */
export interface SliceRequest {
  do: 'slice';
  ms: number;
  batch: number;
  /** An open loop: jobs arrive for `ms`, and there are no samples. A closed one unless told. */
  load?: Load;
}

export interface CloseRequest {
  do: 'close';
}

/** Looks at the work instead of measuring it, and writes what it saw to a file: see `inspect/`. */
export type InspectRequest =
  | { do: 'trace'; path: string; jobs: number }
  | { do: 'profile'; path: string; ms: number; batch: number };

export type ContestantRequest =
  OpenRequest | WarmRequest | SliceRequest | InspectRequest | CloseRequest;

export interface OpenAnswer {
  did: 'open';
  /** Of the verified sample: equal work gives equal digests. */
  digest: string;
  /** Jobs in flight at the same time. */
  concurrency: number;
  /** Jobs after which the same inputs come again; 1 when it is not said. */
  cycle?: number;
  /** From the start of the process until its first job was done. */
  firstJobMs: number;
  /** What it runs on, where that is not this very Node. */
  runtime?: string;
}

export interface WarmAnswer {
  did: 'warm';
  /** The rate of the last window. */
  jobsPerMs: number;
  ms: number;
  /** Whether the rate had stopped rising. */
  flat: boolean;
  harness: HarnessCost;
}

export interface SliceAnswer {
  did: 'slice';
  /** Jobs that were done while a sample was timed. */
  jobs: number;
  /** The sum of the samples' times. */
  ms: number;
  /** Jobs of the whole slice, those too that came to rest after the last sample. */
  allJobs: number;
  /** CPU time of the whole process, all threads, spent on `allJobs`. */
  cpuUserUs: number;
  cpuSystemUs: number;
  /** Ms per job of each sample, ascending; empty in an open loop. */
  samplesMs: number[];
  /** Of an open loop, in ms: from the intended arrival to submission, from there to the result, and both. */
  offered?: OfferedCounts;
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
}

/** A fixture's host speaks the same, with two requests of its own. */
export type FixtureRequest =
  | {
      do: 'openFixture';
      module: string;
      export: string;
      params: Params;
      seed: number;
      folder: string;
    }
  | { do: 'closeFixture' };

export type FixtureAnswer =
  | { did: 'openFixture'; facts: Facts; stays: boolean }
  | { did: 'closeFixture'; load: FixtureLoad | null };

export interface Failed {
  failed: { name: string; message: string; stack: string };
}
