/** Copies the site at the first argument to the folder at the second, for a test that kills it. */
import { copySite } from '#dist/bench/examples/08-copy-site.js';
import { queue } from 'loopdyno';

const [, , origin, folder] = process.argv;
const loop = await queue.open();
await loop.run(() => copySite(loop, origin, folder));
await loop.close();
