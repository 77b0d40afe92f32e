/**
 * The answers that a contestant may give. A contestant written by others may be wrong: the error then names the place,
 * and the report is not spoiled.
 */
import { z } from 'zod';
import { LoopdynoError, quote } from '../text/errors.js';
import {
  CountsSchema,
  HarnessCostSchema,
  JobCountsSchema,
  MeasuresSchema,
  SliceSchema,
} from './measured.js';
import { valueAt } from '../text/value-at.js';
import type { CloseAnswer, OpenAnswer, ResetAnswer, SliceAnswer } from './messages.js';

/** A contestant's answer is not what docs/protocol.md specifies. */
export class WrongAnswerError extends LoopdynoError {}

const amount = z.number().nonnegative();
const whole = z.int().min(1);

export const ANSWERS = {
  open: z.object({
    did: z.literal('open'),
    digest: z.string(),
    concurrency: whole,
    cycle: whole.exactOptional(),
    firstJobMs: amount,
    runtime: z.string().exactOptional(),
  }) satisfies z.ZodType<OpenAnswer>,
  reset: z.object({
    did: z.literal('reset'),
    harness: HarnessCostSchema.exactOptional(),
  }) satisfies z.ZodType<ResetAnswer>,
  slice: SliceSchema.omit({ turn: true }).extend({
    did: z.literal('slice'),
    offered: z
      .object({ wait: CountsSchema, service: CountsSchema, latency: CountsSchema })
      .exactOptional(),
  }) satisfies z.ZodType<SliceAnswer>,
  close: z.object({
    did: z.literal('close'),
    left: z.array(z.string()),
    measures: MeasuresSchema,
    harness: HarnessCostSchema.exactOptional(),
    counts: JobCountsSchema.exactOptional(),
    ledger: z.record(z.string(), amount).exactOptional(),
    drove: z.object({ jobs: amount, cpuUs: amount }).exactOptional(),
  }) satisfies z.ZodType<CloseAnswer>,
};

/** Returns the answer. Throws a WrongAnswerError about the first thing that is wrong in it. */
export function checked<Answer>(schema: z.ZodType<Answer>, asked: string, answer: object): Answer {
  const { data, error } = schema.safeParse(answer);
  const [issue] = error?.issues ?? [];
  if (issue === undefined) return data as Answer;
  const { path } = issue;
  const place =
    path.length === 0 ? '' : `${z.core.toDotPath(path)} is ${quote(valueAt(answer, path))}: `;
  throw new WrongAnswerError(
    `answered '${asked}' with what it may not: ${place}${issue.message} (see docs/protocol.md)`,
  );
}
