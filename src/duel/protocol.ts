/**
 * What the harness and a contestant say to each other: one JSON object a line. The harness writes
 * requests to the contestant's standard input and reads answers from its file descriptor 3, one
 * answer per request, in order. Standard output and error stay free for the work under test.
 *
 *   ─▶ { do: 'open', policy, workload, params, seed, facts }   ◀─ { did: 'open', digest, … }
 *   ─▶ { do: 'warm', ms, sampleMs }                            ◀─ { did: 'warm', jobsPerMs }
 *   ─▶ { do: 'slice', ms, batch }                              ◀─ { did: 'slice', jobs, ms, … }
 *   ─▶ { do: 'close' }                                         ◀─ { did: 'close', left }   and exits
 *
 * Whatever fails answers { failed: { name, message, stack } }. The end of standard input means that
 * the harness is gone: a contestant exits then. It ignores SIGINT, which is the harness's to handle.
 * Anything that speaks this can compete, whatever it is written in.
 */
import type { Facts, Params } from '../workload/workload.js';

export interface OpenRequest {
  do: 'open';
  policy: string;
  workload: string;
  params: Params;
  seed: number;
  facts: Facts;
}

/** Works untimed for `ms`, and says how fast it was in the end. */
export interface WarmRequest {
  do: 'warm';
  ms: number;
  /** About how long a batch should become. */
  sampleMs: number;
}

/** Times batches of `batch` jobs until `ms` have passed. */
export interface SliceRequest {
  do: 'slice';
  ms: number;
  batch: number;
}

export interface CloseRequest {
  do: 'close';
}

export type ContestantRequest = OpenRequest | WarmRequest | SliceRequest | CloseRequest;

export interface OpenAnswer {
  did: 'open';
  /** Of the verified sample: equal work gives equal digests. */
  digest: string;
  /** Jobs in flight at the same time. */
  concurrency: number;
}

export interface WarmAnswer {
  did: 'warm';
  jobsPerMs: number;
}

export interface SliceAnswer {
  did: 'slice';
  jobs: number;
  /** The sum of the samples. */
  ms: number;
  /** CPU time of the whole process, all threads, during the slice. */
  cpuUserUs: number;
  cpuSystemUs: number;
  /** Ms that each batch took, ascending. */
  samplesMs: number[];
}

export interface CloseAnswer {
  did: 'close';
  /** What the loop found pending or failed when it closed; empty when the work was tidy. */
  left: string[];
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

export interface FixtureAnswer {
  did: FixtureRequest['do'];
  facts: Facts;
}

export interface Failed {
  failed: { name: string; message: string; stack: string };
}
