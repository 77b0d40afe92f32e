// Reads a pipe that nobody writes to, under a time-out; the loop closes all the same.
import { execFileSync } from 'node:child_process';
import { constants, closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { policies, timeout } from 'loopdyno';

const [name] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'loopdyno-fifo-'));
const pipe = join(folder, 'pipe');
execFileSync('mkfifo', [pipe]);
const loop = await policies.find((policy) => policy.name === name).open();
await loop
  .run(() => timeout(loop, 20, loop.io.readFile(pipe)))
  .catch((error) => console.log(error.name));
const { abandoned } = await loop.close();
console.log(`left: ${abandoned.join()}`);
closeSync(openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK)); // lets the thread go
rmSync(folder, { recursive: true });
