// Runs a blocking loop inside a nested run of Node's loop, under a microtask (here: ESM top level,
// after an await): with the addon built from nested.c, whose path is the argument.
import { createRequire } from 'node:module';
import { uv } from 'loopdyno';

const spin = createRequire(import.meta.url)(process.argv[2]);
const loop = await uv.open({ drive: 'blocking' });

let ran = false;
const outcome = loop.run(async () => (ran = true)).catch((error) => error);
spin();
console.log(`ran: ${ran}`);
const error = await outcome;
console.log(`${error.name}: ${error.message}`);
console.log(`outside: ${await loop.run(async () => 'runs')}`);
await loop.close();
