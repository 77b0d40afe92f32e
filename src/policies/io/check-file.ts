import { InvalidArgumentError, quote } from '../../loop/errors.js';

/** Before anything is begun, and in the same words under every policy. */
export function checkPath(path: string, verb: string): void {
  if (typeof path === 'string' && path.length > 0 && !path.includes('\0')) return;
  throw new InvalidArgumentError(
    `${verb}() takes a path, a string without null bytes, but got ${quote(path)}`,
  );
}

export function checkContent(content: Uint8Array | string, verb: string): Uint8Array {
  if (typeof content === 'string') return Buffer.from(content);
  if (content instanceof Uint8Array) return content;
  throw new InvalidArgumentError(
    `${verb}() takes a Uint8Array or a string, but got ${quote(content)}`,
  );
}
