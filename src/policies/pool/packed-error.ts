/**
 * What a job threw, on its way across threads and processes. A structured clone of an error keeps message and stack,
 * but only built-in classes, and neither the cause nor the fields. So an error crosses as a description, which any
 * channel can carry:
 *
 *   error             its classes by name, message, stack, own fields (`cause` and `errors` are such)
 *   list, record      piece by piece, so that what cannot be copied is left out and the rest arrives
 *   other objects     V8's serialization of them
 *   text, number, …   as they are
 *
 * An object that occurs again stays the same object on the other side: rings stay rings.
 */
import { types } from 'node:util';
import { deserialize, serialize } from 'node:v8';
import * as errors from '../../loop/errors.js';

interface PackedException {
  /** The names of its classes, its own class first. */
  readonly classes: string[];
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  readonly fields: Field[];
}

interface Container {
  readonly list: boolean;
  readonly fields: Field[];
}

type Field = readonly [key: string, value: Packed, enumerable: boolean];
type Primitive = string | number | bigint | boolean | null | undefined;
type Packed = Primitive | Uint8Array | PackedException | Container;

export interface PackedError {
  readonly value: Packed;
  /** Set if the value cannot cross: a text that describes it. */
  readonly text: string | null;
}

/** Limits for what has no end, such as a proxy that gives another error each time. */
const MOST_DEPTH = 50;
const MOST_OBJECTS = 10_000;

/** Never throws, whatever was thrown. */
export function packError(thrown: unknown): PackedError {
  const value = new Packer().pack(thrown, 0);
  return value === LEFT_OUT
    ? { value: undefined, text: textOf(() => errors.quote(thrown), 'what cannot be looked at') }
    : { value, text: null };
}

export function unpackError({ value, text }: PackedError): unknown {
  if (text !== null) return new Error(`the job threw ${text}, which is no Error`);
  return unpack(value, new Map());
}

const LEFT_OUT = Symbol('left out');

class Packer {
  private readonly seen = new Map<object, PackedException | Container>();
  private objects = 0;

  pack(value: unknown, depth: number): Packed | typeof LEFT_OUT {
    try {
      if (typeof value === 'function' || typeof value === 'symbol') return LEFT_OUT;
      if (typeof value !== 'object' || value === null) return value as Primitive;
      const seen = this.seen.get(value);
      if (seen !== undefined) return seen;
      if (depth > MOST_DEPTH || ++this.objects > MOST_OBJECTS) return LEFT_OUT;
      if (isError(value)) return this.exception(value, depth);
      if (Array.isArray(value) || isRecord(value)) return this.container(value, depth);
      return serialize(value);
    } catch {
      return LEFT_OUT; // it throws when it is read, or cannot be copied
    }
  }

  private exception(error: Error, depth: number): PackedException {
    const packed: PackedException = {
      classes: classesOf(error),
      name: textOf(() => error.name, 'Error'),
      message: textOf(() => error.message, ''),
      stack: textOf(() => error.stack ?? '', ''),
      fields: [],
    };
    this.seen.set(error, packed);
    const keys = Object.getOwnPropertyNames(error).filter((key) => !SPOKEN_FOR.has(key));
    this.fields(error, keys, packed.fields, depth);
    return packed;
  }

  private container(value: object, depth: number): Container {
    const packed: Container = { list: Array.isArray(value), fields: [] };
    this.seen.set(value, packed);
    this.fields(value, Object.keys(value), packed.fields, depth);
    return packed;
  }

  private fields(of: object, keys: readonly string[], to: Field[], depth: number): void {
    for (const key of keys) {
      const value = this.pack(read(of, key), depth + 1);
      if (value !== LEFT_OUT) to.push([key, value, isEnumerable(of, key)]);
    }
  }
}

function isEnumerable(of: object, key: string): boolean {
  return Object.prototype.propertyIsEnumerable.call(of, key);
}

/** Not copied as fields: they have places of their own. */
const SPOKEN_FOR: ReadonlySet<string> = new Set(['message', 'stack']);

/** Errors of another realm (`node:vm`) are instances of that realm's Error. */
function isError(value: object): value is Error {
  return value instanceof Error || types.isNativeError(value);
}

/** A plain object of this realm or of another. */
function isRecord(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** The value that a getter makes is not followed: it could make another each time. */
function read(of: object, key: string): unknown {
  try {
    const own = Object.getOwnPropertyDescriptor(of, key);
    const value = (of as Record<string, unknown>)[key];
    return own?.get !== undefined && typeof value === 'object' ? LEFT_OUT : value;
  } catch {
    return LEFT_OUT;
  }
}

function textOf(give: () => unknown, otherwise: string): string {
  try {
    return String(give());
  } catch {
    return otherwise;
  }
}

function classesOf(error: Error): string[] {
  const names: string[] = [];
  let prototype: unknown = Object.getPrototypeOf(error);
  while (typeof prototype === 'object' && prototype !== null && names.length < MOST_DEPTH) {
    const made: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
    if (typeof made === 'function') names.push(textOf(() => made.name, ''));
    prototype = Object.getPrototypeOf(prototype);
  }
  return names;
}

function unpack(packed: Packed, met: Map<object, object>): unknown {
  if (typeof packed !== 'object' || packed === null) return packed;
  if (packed instanceof Uint8Array) return deserialize(packed);
  const known = met.get(packed);
  if (known !== undefined) return known;
  const value = 'classes' in packed ? makeError(packed) : packed.list ? [] : {};
  met.set(packed, value);
  for (const [key, field, enumerable] of packed.fields) {
    Object.defineProperty(value, key, {
      value: unpack(field, met),
      enumerable,
      writable: true,
      configurable: true,
    });
  }
  if ('classes' in packed) nameAs(value as Error, packed.name);
  return value;
}

/** Does not call the constructor, which may require anything; only a DOMException has inner state. */
function makeError({ classes, name, message, stack }: PackedException): Error {
  const known = knownClass(classes);
  const error = known === DOMException ? new DOMException(message, name) : new Error(message);
  if (known !== DOMException) Object.setPrototypeOf(error, known.prototype as object);
  error.stack = stack; // the worker's stack: where it happened
  return error;
}

/** Sets a name that the job's own prototype gave the error. */
function nameAs(error: Error, name: string): void {
  if (error.name === name) return;
  Object.defineProperty(error, 'name', { value: name, writable: true, configurable: true });
}

type ErrorClass = new (message: string) => Error;

/** The nearest class that is known here: loopdyno's, or one of the language's. */
function knownClass(classes: readonly string[]): ErrorClass {
  const ours = classes.includes(errors.LoopdynoError.name);
  const known = { ...BUILT_IN, ...(ours ? errors : {}) } as Readonly<Record<string, unknown>>;
  for (const name of classes) {
    const found = Object.hasOwn(known, name) ? known[name] : undefined;
    if (isErrorClass(found)) return found;
  }
  return Error;
}

const BUILT_IN = {
  AggregateError,
  DOMException,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
};

function isErrorClass(value: unknown): value is ErrorClass {
  return typeof value === 'function' && value.prototype instanceof Error;
}
