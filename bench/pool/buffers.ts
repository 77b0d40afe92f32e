/**
 * Jobs over 1 MiB: `copied` sends the bytes there and back as copies, `moved` moves them. Each lane has a buffer that
 * goes to and fro.
 */
import { createHash } from 'node:crypto';
import { quote } from '../../src/text/errors.js';
import { WrongResultError } from '../../src/workload/job-session.js';
import type { Run } from './pools.js';

export const BYTES = 1 << 20;

export type Bytes = Uint8Array<ArrayBuffer>;

/** Runs `touch`, and moves the bytes both ways if it can. */
export type Send = (bytes: Bytes, moves: boolean) => PromiseLike<unknown>;

/** The jobs `copied` and `moved`. The input, a small number, is the first byte. */
export function bufferJobs(send: Send): Run {
  const free: Bytes[] = [];
  return async (job, input) => {
    const bytes = free.pop() ?? new Uint8Array(BYTES);
    bytes[0] = Number(input);
    const back = (await send(bytes, job === 'moved')) as Bytes;
    if (back.byteLength !== BYTES) {
      throw new WrongResultError(`${job} gave ${quote(back)}: ${BYTES} bytes were to come back`);
    }
    free.push(back);
    return createHash('sha256').update(back.subarray(0, 64)).digest('hex').slice(0, 8);
  };
}
