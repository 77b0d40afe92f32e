/**
 * What is written into messages, and how it is read. A message may come from anybody whom the server lets in, so each is
 * parsed by its schema; inputs and results cross by V8's serialization, as between processes.
 *
 *   submitter                                     agent
 *   Jobs: module, export, code, inputs ─────────▶ (they run)
 *                       ◀──────────────────────── Answer, in one or more parts: results and errors by number
 *   Cancel ─────────────────────────────────────▶
 *                       ◀──────────────────────── Note: an answer that could not be stored, or came too late
 */
import { deserialize, serialize } from 'node:v8';
import { z } from 'zod';
import { LoopdynoError, quote } from '../../text/errors.js';
import { isPart } from './names.js';

/** A message that is none of ours, or of another version. */
export class MessageError extends LoopdynoError {}

const VERSION = 1;
const count = z.int().nonnegative();
const part = z.string().refine(isPart);
const text = z.string().max(4096);

/** `n` numbers all jobs of a submitter: together with its name it is the job's idempotency key. */
const JobsSchema = z.object({
  v: z.literal(VERSION),
  /** The module's file, relative to the root, with slashes. */
  path: text,
  name: text,
  /** The hash of the module and of what it imports: see code.ts. */
  code: text,
  ns: z.array(count).min(1),
  inputs: z.array(z.unknown()),
  /** When nobody waits for it any more, in ms of the world's clock. */
  expires: z.number(),
});
export type Jobs = z.infer<typeof JobsSchema>;

const PackedErrorSchema = z.object({ value: z.unknown(), text: z.string().nullable() });

const AnswerSchema = z.object({
  v: z.literal(VERSION),
  message: part,
  /** The number of the delivery: 1 for the first. */
  attempt: count,
  /** No other part follows. */
  last: z.boolean(),
  agent: text,
  /** Ms in which the agent did only these jobs. */
  busyMs: z.number(),
  ns: z.array(count),
  values: z.array(z.unknown()),
  /** Without an error the job was cancelled. */
  failed: z.array(z.tuple([count, PackedErrorSchema.nullable()])),
  /** Jobs that earlier parts have answered. */
  done: z.array(count),
  /** The agent has other code: the jobs were not run. */
  refused: text.nullable(),
  /** The jobs have become messages of their own. */
  split: z.boolean(),
});
export type Answer = z.infer<typeof AnswerSchema>;

const CancelSchema = z.object({ v: z.literal(VERSION), submitter: part, n: count, why: text });
export type Cancel = z.infer<typeof CancelSchema>;

const NoteSchema = z.object({
  v: z.literal(VERSION),
  /** `late`: another delivery had taken over. `unstored`: the server refused the answer. */
  what: z.enum(['late', 'unstored']),
  ns: z.array(count),
  why: text,
});
export type Note = z.infer<typeof NoteSchema>;

const HereSchema = z.object({ v: z.literal(VERSION), agent: text, slots: count });
export type Here = z.infer<typeof HereSchema>;

type Unversioned<T> = Omit<T, 'v'>;

/** Throws, as V8 does, if a value in it cannot be copied. */
export function encode(
  message:
    | Unversioned<Jobs>
    | Unversioned<Answer>
    | Unversioned<Cancel>
    | Unversioned<Note>
    | Unversioned<Here>,
): Buffer {
  return serialize({ v: VERSION, ...message });
}

function reader<T>(what: string, schema: z.ZodType<T>): (bytes: Uint8Array) => T {
  return (bytes) => {
    let value: unknown;
    try {
      value = deserialize(bytes);
    } catch (error) {
      throw new MessageError(`${what} of ${bytes.length} bytes cannot be read: ${quote(error)}`);
    }
    const read = schema.safeParse(value);
    if (read.success) return read.data;
    const [issue] = read.error.issues;
    const where = issue?.path.join('.') ?? '';
    throw new MessageError(`${what} is not as it should be: ${where}: ${issue?.message ?? ''}`);
  };
}

const readJobsMessage = reader('a message of jobs', JobsSchema);
export const readAnswer = reader('an answer', AnswerSchema);
export const readCancel = reader('a cancellation', CancelSchema);
export const readNote = reader('a note', NoteSchema);
export const readHere = reader("an agent's sign of life", HereSchema);

export function readJobs(bytes: Uint8Array): Jobs {
  const jobs = readJobsMessage(bytes);
  if (jobs.ns.length === jobs.inputs.length) return jobs;
  throw new MessageError(`a message has ${jobs.ns.length} jobs and ${jobs.inputs.length} inputs`);
}
