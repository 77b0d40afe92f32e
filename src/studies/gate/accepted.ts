/**
 * `bench/accepted.json`: slowdowns that a change is allowed to bring, each with a reason and a bound.
 *
 * ```json
 * [{ "cell": "queue · primes", "upTo": 0.12, "reason": "bounds checks, see #41" }]
 * ```
 *
 * An entry holds for the change that adds it. Once the base has it too, the slowdown is the base's
 * own, and the entry says nothing any more: it need not be removed, and cannot excuse a second one.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { LoopdynoError } from '../../text/errors.js';

export const ACCEPTED_FILE = join('bench', 'accepted.json');

const AcceptedSchema = z.array(
  z.strictObject({
    cell: z.string().min(1),
    /** A share of time: 0.12 for 12%. */
    upTo: z.number().positive().max(10),
    reason: z.string().min(1),
  }),
);

export type Accepted = z.infer<typeof AcceptedSchema>[number];

export class AcceptedFileError extends LoopdynoError {}

/** What head accepts and base did not. */
export async function acceptedBy(base: string, head: string): Promise<Accepted[]> {
  const [before, now] = await Promise.all([read(base), read(head)]);
  const old = new Set(before.map((entry) => JSON.stringify(entry)));
  return now.filter((entry) => !old.has(JSON.stringify(entry)));
}

async function read(folder: string): Promise<Accepted[]> {
  const file = join(folder, ACCEPTED_FILE);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    return [];
  }
  try {
    return AcceptedSchema.parse(JSON.parse(text));
  } catch (error) {
    const why =
      error instanceof z.ZodError
        ? error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')
        : (error as Error).message;
    throw new AcceptedFileError(
      `${file} takes a list of { "cell": "queue · primes", "upTo": 0.12, "reason": "why" }: ${why}`,
      { cause: error },
    );
  }
}
