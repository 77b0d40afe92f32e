/**
 * Copies a site to disk: pages are fetched a few at a time, links are followed, files are written, and a run that was
 * killed continues where it was.
 *
 *   page fetched ─▶ file.part written ─▶ renamed ─▶ its line appended to the list, under a lock
 *                                        whole       only then it counts
 *
 * A kill leaves no page half written: at most a `.part`, and that page is fetched once more. The list itself may end in
 * half a line, which is ignored.
 */
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gather } from '../../src/loop/combine.js';
import type { Coroutine, Loop } from '../../src/loop/policy.js';
import { Lock, Semaphore } from '../../src/loop/sync.js';
import { HttpClient } from '../../src/workloads/http/client.js';
import { serveHttp, type HttpServer } from '../../src/workloads/http/server.js';
import type { Example } from './example.js';

const PAGES = 60;
const AT_ONCE = 6;

/** Page n links to 2n + 1 and 2n + 2: a tree of all pages. */
export function pageOf(number: number): string {
  const links = [2 * number + 1, 2 * number + 2]
    .filter((to) => to < PAGES)
    .map((to) => `<a href="/${to}">page ${to}</a>`);
  return `<h1>Page ${number}</h1>${links.join(' ')}${'.'.repeat(2000)}`;
}

export interface Copied {
  readonly pages: number;
  /** The number of pages that this run fetched. */
  readonly fetched: number;
}

/** Copies the site into `folder`, which may have a part of it already. */
export function* copySite(loop: Loop, origin: string, folder: string): Coroutine<Copied> {
  const list = join(folder, 'list.txt');
  const client = new HttpClient(loop);
  const [lock, slots] = [new Lock(loop), new Semaphore(loop, AT_ONCE)];
  const finished = yield* readList(loop, list);
  const met = new Set<string>();
  let fetched = 0;

  function* visit(path: string): Coroutine<void> {
    const file = join(folder, `page-${path.slice(1)}.html`);
    let text: string;
    yield* slots.acquire();
    try {
      if (finished.has(path)) {
        text = Buffer.from(yield* loop.io.readFile(file)).toString();
      } else {
        text = (yield* client.get(origin + path)).body.toString();
        fetched++;
        yield* loop.io.writeFile(`${file}.part`, text);
        yield* loop.adopt(rename(`${file}.part`, file));
        yield* lock.acquire();
        try {
          yield* loop.io.appendFile(list, `${path}\n`);
        } finally {
          lock.release();
        }
      }
    } finally {
      slots.release();
    }
    yield* follow(text);
  }

  function* follow(text: string): Coroutine<void> {
    const links = [...text.matchAll(/href="([^"]+)"/g)].map(([, path = '']) => path);
    const fresh = links.filter((path) => !met.has(path));
    for (const path of fresh) met.add(path);
    yield* gather(
      loop,
      fresh.map((path) => () => visit(path)),
    );
  }

  met.add('/0');
  try {
    yield* visit('/0');
  } finally {
    client.close();
  }
  return { pages: met.size, fetched };
}

/** Reads the complete lines and removes an incomplete last one; empty if there is no list yet. */
function* readList(loop: Loop, list: string): Coroutine<Set<string>> {
  try {
    const text = Buffer.from(yield* loop.io.readFile(list)).toString();
    const lines = text.split('\n');
    const half = lines.pop();
    if (half !== '') yield* loop.io.writeFile(list, lines.map((line) => `${line}\n`).join(''));
    return new Set(lines);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Set();
    throw error;
  }
}

export function* serveSite(loop: Loop): Coroutine<HttpServer> {
  return yield* serveHttp(loop, { port: 0 }, function* (request, response) {
    yield* loop.io.sleep(2);
    yield* response.send(200, pageOf(Number(request.url.slice(1))));
  });
}

export const example: Example = {
  title: 'copy a site to disk, and go on where a killed run was',
  *main(loop, say) {
    const folder = yield* loop.adopt(mkdtemp(join(tmpdir(), 'loopdyno-site-')));
    const server = yield* serveSite(loop);
    const origin = `http://${server.host}:${server.port}`;
    try {
      const first = yield* copySite(loop, origin, folder);
      say(`${first.pages} pages, ${first.fetched} fetched`);
      // The state after a kill: the last line half written, and the page that was being written.
      const list = Buffer.from(yield* loop.io.readFile(join(folder, 'list.txt'))).toString();
      const lines = list.split('\n').slice(0, -1);
      const lost = lines.slice(-3);
      const kept = lines.slice(0, -3).map((line) => `${line}\n`);
      yield* loop.io.writeFile(
        join(folder, 'list.txt'),
        `${kept.join('')}${lost[0]?.slice(0, -1)}`,
      );
      const page = join(folder, `page-${lost.at(-1)?.slice(1)}.html`);
      yield* loop.adopt(rm(page));
      yield* loop.io.writeFile(`${page}.part`, '<h1>Pa');
      const second = yield* copySite(loop, origin, folder);
      say(`${second.pages} pages, ${second.fetched} fetched again`);
      let whole = 0;
      for (let page = 0; page < PAGES; page++) {
        const text = yield* loop.io.readFile(join(folder, `page-${page}.html`));
        if (Buffer.from(text).toString() === pageOf(page)) whole++;
      }
      say(`${whole} whole files`);
    } finally {
      yield* server.close();
      yield* loop.adopt(rm(folder, { recursive: true, force: true }));
    }
  },
};
