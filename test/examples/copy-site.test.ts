/** What a kill leaves of the site that example 08 copies, and that the next run completes it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { pageOf } from '#dist/bench/examples/08-copy-site.js';

const program = fileURLToPath(new URL('./copy-site-program.mjs', import.meta.url));

/** The requests that have been answered. */
let answered = 0;
/** Called with that number, after each. */
let onAnswer: (count: number) => void = () => {};
const server = createServer((request, response) => {
  response.end(pageOf(Number(request.url?.slice(1))));
  onAnswer(++answered);
});
let folder: string;
let origin: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loopdyno-copy-'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true, force: true });
});

async function pagesIn(): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name.endsWith('.html'));
}

it('a copied site has no page half written after kills, and is completed', async () => {
  let killed = 0;
  for (let finished = false; !finished;) {
    const limit = answered + 9;
    const child = spawn(process.execPath, [program, origin, folder], { stdio: 'inherit' });
    onAnswer = (count) => void (count >= limit && child.kill('SIGKILL'));
    const [code] = (await once(child, 'close')) as [number | null];
    finished = code === 0;
    if (!finished) killed++;
    for (const name of await pagesIn()) {
      const text = await readFile(join(folder, name), 'utf8');
      expect(text).toBe(pageOf(Number(/\d+/.exec(name)?.[0])));
    }
  }
  expect(killed).toBeGreaterThan(3);
  expect(await pagesIn()).toHaveLength(60);
  // Each kill cost the pages that were on their way, six at a time, and no more.
  expect(answered).toBeLessThanOrEqual(60 + 6 * killed);
});
