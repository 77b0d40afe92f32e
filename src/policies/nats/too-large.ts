/** A job, or its result, that does not fit into a message. */
import { JobTooLargeError } from '../../loop/errors.js';

/** What a message needs beside its payload, in bytes. */
export const ENVELOPE = 4096;

export function tooLarge(
  label: string,
  what: string,
  bytes: number,
  most: number,
): JobTooLargeError {
  return new JobTooLargeError(
    `${label}: ${what} takes ${bytes} bytes, and the server takes messages of ${most}: ` +
      'pass less (a path, for example), or raise max_payload of the server',
  );
}
