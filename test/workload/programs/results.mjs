/** Jobs whose results are no text, in plain JavaScript, so that a thread can load them. */
import { portable } from 'loopdyno';

class Point {
  constructor(x) {
    this.x = x;
  }
}

const here = import.meta.url;
// More than the 50 bytes of a Buffer that Node's inspect shows.
export const bytes = portable(here, 'bytes', (_loop, n) => Buffer.alloc(100).fill(n, 99));
export const instance = portable(here, 'instance', (_loop, n) => new Point(n));
export const table = portable(here, 'table', (_loop, n) => new Map([['n', { deep: [[[[n]]]] }]]));
