/**
 * A value as text that tells it from any other: to be compared, and hashed. Of long binary data there is a hash: to print a
 * MiB takes `inspect` a second.
 */
import { createHash } from 'node:crypto';
import { inspect } from 'node:util';

/** Bytes from which on a hash stands for them. */
const LONG = 1024;

export function asText(value: unknown): string {
  return inspect(shortened(value, new Set()), {
    depth: null,
    maxArrayLength: null,
    maxStringLength: null,
  });
}

/** `within`: the lists and objects around the value, so that a circle ends. */
function shortened(value: unknown, within: Set<unknown>): unknown {
  if (typeof value !== 'object' || value === null || within.has(value)) return value;
  if (ArrayBuffer.isView(value)) return value.byteLength < LONG ? value : hashOf(value);
  const isList = Array.isArray(value);
  if (!isList && Object.getPrototypeOf(value) !== Object.prototype) return value;
  within.add(value);
  const parts = Object.entries(value).flatMap(([key, part]) => {
    const short = shortened(part, within);
    return short === part ? [] : [[key, short] as const];
  });
  within.delete(value);
  if (parts.length === 0) return value;
  return Object.assign(isList ? [...value] : { ...value }, Object.fromEntries(parts));
}

function hashOf(view: ArrayBufferView): Hash {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  return new Hash(`${view.constructor.name} of ${view.byteLength} bytes, ${hash}`);
}

/** Not a text, which the value itself could be. */
class Hash {
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  [inspect.custom](): string {
    return `<${this.text}>`;
  }
}
