/** The parts of the results document that belong to a run on several hosts: `run --shard` and `loopdyno merge`. */
import { z } from 'zod';
import {
  FingerprintSchema,
  RunNoiseSchema,
  StatusSchema,
  amount,
  caseOf,
  checkOrder,
  count,
  estimate,
} from './parts.js';

/** A cell of which several runs, on several hosts, were averaged: its ratio is their mean. */
export const HostsSchema = z.object({
  /** The standard deviation of the log ratio from host to host; null if there is one host, or for the reference. */
  tau: z.object(estimate).superRefine(checkOrder).nullable(),
  each: z.array(
    z.object({
      /** The run's place among `merged.runs`. */
      run: count,
      status: StatusSchema,
      reason: z.string().nullable(),
      ratio: z.object(estimate).superRefine(checkOrder).nullable(),
      rounds: count,
    }),
  ),
});

/** A share of a plan's cases, counted from 1. */
const shareOf = { index: z.int().positive(), of: z.int().positive() };

/** Of `run --shard`: which share of its plan the run measured. */
export const ShardSchema = z.object({
  ...shareOf,
  /** The cases of the whole plan, in its order. */
  cases: z.array(z.object({ ...caseOf, contestants: z.array(z.string()) })),
});

/** Of `loopdyno merge`: the runs that were put together. */
export const MergedSchema = z.object({
  runs: z.array(
    z.object({
      file: z.string(),
      shard: z.object(shareOf).nullable(),
      startedAt: z.iso.datetime({ offset: true }),
      elapsedMs: amount,
      fingerprint: FingerprintSchema,
      noise: RunNoiseSchema.nullable(),
    }),
  ),
  /** Shards that were not given, counted from 1. */
  missing: z.array(z.int().positive()),
});

export type Shard = z.infer<typeof ShardSchema>;
export type Merged = z.infer<typeof MergedSchema>;
export type Hosts = z.infer<typeof HostsSchema>;
