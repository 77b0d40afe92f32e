/**
 * Errors across threads and processes. A structured clone keeps an error's message and stack but not its class
 * or its `code`; this keeps the name, Node's fields and the cause, and gives loopdyno's own errors
 * their class back.
 */
import * as errors from '../../loop/errors.js';

export interface PackedError {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  readonly fields: Readonly<Record<string, string | number>>;
  readonly cause: PackedError | null;
  /** Set when what was thrown is no Error: the value as text. */
  readonly thrown: string | null;
}

const NODE_FIELDS = ['code', 'errno', 'syscall', 'path', 'address', 'port'] as const;

/** Causes of causes: a chain may be a ring. */
const MOST_CAUSES = 8;

/** Never throws, whatever was thrown. */
export function packError(error: unknown, depth = 0): PackedError {
  try {
    return pack(error, depth);
  } catch {
    const thrown = 'an error that throws when it is looked at';
    return { name: 'Error', message: thrown, stack: '', fields: {}, cause: null, thrown };
  }
}

function pack(error: unknown, depth: number): PackedError {
  if (!(error instanceof Error)) {
    const thrown = errors.quote(error);
    return { name: 'Error', message: thrown, stack: '', fields: {}, cause: null, thrown };
  }
  const fields: Record<string, string | number> = {};
  for (const key of NODE_FIELDS) {
    const value = (error as unknown as Record<string, unknown>)[key];
    if (typeof value === 'string' || typeof value === 'number') fields[key] = value;
  }
  const { name, message, stack, cause } = error;
  return {
    name: String(name),
    message: String(message),
    stack: String(stack ?? ''),
    fields,
    cause: cause instanceof Error && depth < MOST_CAUSES ? packError(cause, depth + 1) : null,
    thrown: null,
  };
}

export function unpackError(packed: PackedError): Error {
  if (packed.thrown !== null) {
    return new Error(`the job threw ${packed.thrown}, which is no Error`);
  }
  const options = packed.cause === null ? undefined : { cause: unpackError(packed.cause) };
  const known =
    BUILT_IN[packed.name] ?? (errors as unknown as Record<string, unknown>)[packed.name];
  const error = isErrorClass(known)
    ? new known(packed.message, options)
    : new Error(packed.message, options);
  if (error.name !== packed.name) error.name = packed.name;
  error.stack = packed.stack; // of the worker: where it happened
  return Object.assign(error, packed.fields);
}

const BUILT_IN: Readonly<Record<string, unknown>> = { RangeError, SyntaxError, TypeError };

function isErrorClass(
  value: unknown,
): value is new (message: string, options?: ErrorOptions) => Error {
  return typeof value === 'function' && value.prototype instanceof Error;
}
