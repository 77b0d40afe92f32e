/** What the schemas of several parts of the results document have in common. */
import { z } from 'zod';
import type { Fingerprint } from '../system/fingerprint.js';
import type { Estimate } from '../text/format.js';

export const count = z.int().nonnegative();
export const amount = z.number().nonnegative();

/** A point with its 95% interval; the ends are null if there are fewer than two rounds. */
export const estimate = { point: amount, low: amount.nullable(), high: amount.nullable() };

export function checkOrder({ point, low, high }: Estimate, context: z.RefinementCtx): void {
  const complain = (key: string, message: string): void =>
    context.addIssue({ code: 'custom', path: [key], message });
  if (low === null || high === null) {
    if (low === high) return;
    complain(low === null ? 'low' : 'high', 'expected both ends of an interval or neither');
  } else {
    if (low > point) complain('low', `expected at most the point, ${point}`);
    if (high < point) complain('high', `expected at least the point, ${point}`);
  }
}

export const caseOf = {
  workload: z.string().min(1),
  params: z.record(z.string(), z.union([z.number(), z.string()])),
};

export const StatusSchema = z.enum(['ok', 'failed', 'unavailable', 'aborted']);

export const FingerprintSchema = z.object({
  node: z.string(),
  v8: z.string(),
  uv: z.string(),
  platform: z.string(),
  arch: z.string(),
  cpu: z.string(),
  cores: count,
  /** The core that the contestants' main threads were pinned to; null if they were not pinned. */
  pinned: count.nullable().default(null),
  memoryBytes: amount,
  kernel: z.string(),
  /** Node's own flags, from the command line and NODE_OPTIONS. */
  flags: z.array(z.string()),
  /** What `--env` set for the contestants. */
  env: z.array(z.string()).default([]),
  addon: z.object({
    state: z.enum(['built', 'prebuilt', 'absent', 'off']),
    hash: z.string().nullable(),
  }),
  /** The commit of the project in which the run was started; null outside git. */
  commit: z.string().nullable(),
  dirty: z.boolean().nullable(),
  /** The version of loopdyno itself. */
  loopdyno: z.string(),
}) satisfies z.ZodType<Fingerprint>;

/** What the machine did to the slices. */
export const RunNoiseSchema = z.object({
  /** The share of the slices' time in which the main thread was ready to run but had no core. */
  delayShare: amount,
  /** The spread of the time that a fixed piece of work took before each slice, over its median. */
  pulseSpread: amount,
  /** The noise as a sentence. */
  sentence: z.string(),
});
