import { InvalidArgumentError, quote } from '../../loop/errors.js';

/** What a connection can send. */
export function checkBytes(bytes: unknown): void {
  if (bytes instanceof Uint8Array) return;
  throw new InvalidArgumentError(
    `write() takes a Uint8Array, but got ${quote(bytes)}: encode text with Buffer.from(text)`,
  );
}
