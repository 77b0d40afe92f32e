/** The workerpool worker. */
import workerpool from 'workerpool';
import { compute, identity, touch } from '../jobs.js';

const touchAndMove = (bytes: Uint8Array<ArrayBuffer>): unknown =>
  new workerpool.Transfer(touch(bytes), [bytes.buffer]);

workerpool.worker({ identity, compute, touch, touchAndMove });
