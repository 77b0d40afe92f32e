/** A worker of piscina. */
import { move } from 'piscina';
import { touch } from '../jobs.js';

export { compute, identity, touch } from '../jobs.js';

export const touchAndMove = (bytes: Uint8Array<ArrayBuffer>): unknown => move(touch(bytes));
