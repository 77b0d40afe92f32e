/**
 * How an input reaches a thread, and how its result comes back.
 *
 *   clone      input ─▶ copied into a message ─▶ copied out of it     result: the same way back
 *   transfer   input ─▶ copied here, for this job alone ─▶ moved      result: its bytes are moved
 *   shared     input, its bytes in shared memory from the start ────  result: its bytes are moved
 *
 * What is moved is gone here, so a job that moves its input needs one of its own. That copy is part of the job, as it is
 * of a program that keeps its input; one that gets new bytes for each job saves it.
 */
import type { SubmitOptions } from '../loop/policy.js';

export const CROSSINGS = ['clone', 'transfer', 'shared'] as const;
export type Crossing = (typeof CROSSINGS)[number];

/** The inputs of a session, and how one of them is handed over for a job. */
export interface Crossed {
  readonly inputs: readonly unknown[];
  readonly hand?: (input: unknown, at: number) => Handed;
}

interface Handed {
  readonly input: unknown;
  readonly options: SubmitOptions;
}

export function crossed(inputs: readonly unknown[], crossing: Crossing): Crossed {
  switch (crossing) {
    case 'clone':
      return { inputs };
    case 'shared': {
      const options = { moveResult: true };
      const shared = inputs.map((input) => remakeOf(input)?.(inSharedMemory) ?? input);
      return { inputs: shared, hand: (input) => ({ input, options }) };
    }
    case 'transfer': {
      const remakes = inputs.map(remakeOf);
      return { inputs, hand: (input, at) => handedCopy(input, remakes[at] ?? null) };
    }
  }
}

function handedCopy(input: unknown, remake: Remake | null): Handed {
  if (remake === null) return { input, options: { moveResult: true } };
  const transfer: ArrayBuffer[] = [];
  const copy = remake((buffer) => {
    const own = buffer.slice(0);
    transfer.push(own);
    return own;
  });
  return { input: copy, options: { transfer, moveResult: true } };
}

function inSharedMemory(buffer: ArrayBuffer): SharedArrayBuffer {
  const shared = new SharedArrayBuffer(buffer.byteLength);
  new Uint8Array(shared).set(new Uint8Array(buffer));
  return shared;
}

/** The bytes of all buffers in a value. */
export function bytesIn(value: unknown): number {
  let bytes = 0;
  remakeOf(value)?.((buffer) => {
    bytes += buffer.byteLength;
    return buffer;
  });
  return bytes;
}

/** Makes a value anew, with other memory in the place of each of its buffers; `memory` gets each of them once. */
export type Remake = (memory: Memory) => unknown;
type Memory = (of: ArrayBuffer) => ArrayBufferLike;

/**
 * Null for a value without buffers. They are looked for in lists and plain objects, at any depth, once; what has none is
 * in the new value as it is. Two views of one buffer are two views of one buffer there, too.
 */
export function remakeOf(value: unknown): Remake | null {
  const make = makerOf(value, new Set());
  if (make === null) return null;
  return (memory) => {
    const made = new Map<ArrayBuffer, ArrayBufferLike>();
    return make((buffer) => {
      const known = made.get(buffer);
      if (known !== undefined) return known;
      const own = memory(buffer);
      made.set(buffer, own);
      return own;
    });
  };
}

/** `within`: the lists and objects around the value, so that a circle ends. */
function makerOf(value: unknown, within: Set<unknown>): Remake | null {
  if (typeof value !== 'object' || value === null || within.has(value)) return null;
  if (value instanceof ArrayBuffer) return (memory) => memory(value);
  if (ArrayBuffer.isView(value)) return viewMaker(value);
  const isList = Array.isArray(value);
  if (!isList && Object.getPrototypeOf(value) !== Object.prototype) return null;
  within.add(value);
  const parts = Object.entries(value).flatMap(([key, part]) => {
    const make = makerOf(part, within);
    return make === null ? [] : [{ key, make }];
  });
  within.delete(value);
  if (parts.length === 0) return null;
  return (memory) => {
    const copy: Record<string, unknown> = isList ? ([...value] as never) : { ...value };
    for (const { key, make } of parts) copy[key] = make(memory);
    return copy;
  };
}

function viewMaker(view: ArrayBufferView): Remake | null {
  const { buffer, byteOffset, byteLength } = view;
  if (!(buffer instanceof ArrayBuffer)) return null; // it is shared already
  // A Buffer is one on its own thread alone.
  const View = (Buffer.isBuffer(view) ? Uint8Array : view.constructor) as Uint8ArrayConstructor;
  const length = byteLength / (View.BYTES_PER_ELEMENT ?? 1); // a DataView counts bytes
  return (memory) => new View(memory(buffer), byteOffset, length);
}
