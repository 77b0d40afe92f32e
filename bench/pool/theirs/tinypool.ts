/** A worker of tinypool. */
import Tinypool from 'tinypool';
import { touch } from '../jobs.js';

export { compute, identity, touch } from '../jobs.js';

export const touchAndMove = (bytes: Uint8Array<ArrayBuffer>): unknown =>
  Tinypool.move(touch(bytes));
