/** The document of `capacity`: the highest rates that the policies hold. */
import { z } from 'zod';
import { ARRIVALS } from '../workload/open-loop.js';
import { FingerprintSchema } from './parts.js';

export const CapacitySchema = z.object({
  schemaVersion: z.literal(1),
  status: z.enum(['complete', 'aborted']),
  startedAt: z.iso.datetime({ offset: true }),
  elapsedMs: z.number().nonnegative(),
  seed: z.int(),
  command: z.array(z.string()),
  fingerprint: FingerprintSchema,
  workload: z.string(),
  params: z.record(z.string(), z.union([z.number(), z.string()])),
  arrivals: z.enum(ARRIVALS),
  /** The quantile of the latency from the intended arrival, and its limit in ms. */
  slo: z.object({ name: z.string(), quantile: z.number(), ms: z.number() }),
  policies: z.array(
    z.object({
      policy: z.string(),
      status: z.enum(['ok', 'failed', 'unavailable', 'aborted']),
      reason: z.string().nullable(),
      /** The limit in jobs per second, one for each round of a fresh process; null if no rate held. */
      limits: z.array(z.number().nullable()),
      /** The rate of the closed loop in jobs per second, by round. */
      closed: z.array(z.number()),
      /** The geometric mean of the limits with its 95% interval; null if no rate held in some round. */
      limit: z
        .object({ point: z.number(), low: z.number().nullable(), high: z.number().nullable() })
        .nullable(),
      /** The mean limit over the rate of the closed loop; null if no rate held. */
      ofClosed: z.number().nullable().default(null),
    }),
  ),
});

export type Capacity = z.infer<typeof CapacitySchema>;
