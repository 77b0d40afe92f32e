/**
 * `pipeline` (mixed): fetch a JSON document over HTTP, transform it, append a line about it to a
 * file under a lock. A loop has one file, and so has each thread's under `workers`.
 */
import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { portable, type Loop } from '../../../src/loop/policy.js';
import { Lock } from '../../../src/loop/sync.js';
import { jobSession } from '../../../src/workload/job-session.js';
import type { OpenFixture, Workload } from '../../../src/workload/workload.js';
import { documentOf, transform } from '../documents.js';
import { fetchBody } from '../site/client.js';
import { DOCUMENTS, documentPath } from '../site/pages.js';
import { openForPipeline } from '../site/server.js';

/** Bytes at which a file is begun anew, so that a long run does not fill the disk. */
const LONGEST_FILE = 1 << 20;

export interface Step {
  readonly port: number;
  readonly document: number;
  /** The beginning of the file's path; which thread writes it is its end. */
  readonly log: string;
}

interface Log {
  readonly lock: Lock;
  bytes: number;
}

const logs = new WeakMap<Loop, Log>();

export const processDocument = portable(
  import.meta.url,
  'processDocument',
  function* (loop, { port, document, log: prefix }: Step) {
    const body = yield* fetchBody(loop, port, documentPath(document));
    const summary = JSON.stringify(transform(documentOf(body.toString('latin1'))));
    const hash = createHash('sha256').update(summary).digest('hex');
    const line = `${document} ${hash}\n`;
    const log = logs.get(loop) ?? { lock: new Lock(loop), bytes: 0 };
    logs.set(loop, log);
    const path = `${prefix}-${threadId}.log`;
    yield* log.lock.acquire();
    try {
      if (log.bytes > LONGEST_FILE) yield* loop.io.writeFile(path, '');
      log.bytes = (log.bytes > LONGEST_FILE ? 0 : log.bytes) + line.length;
      yield* loop.io.appendFile(path, line);
    } finally {
      log.lock.release();
    }
    return hash;
  },
);

export const openPipeline: OpenFixture = async (setup) => {
  const site = await openForPipeline(setup);
  return { ...site, facts: { ...site.facts, folder: setup.folder } };
};

export const pipeline: Workload = {
  name: 'pipeline',
  kind: 'mixed',
  summary: `fetch ${DOCUMENTS} JSON documents, transform, append to a file under a lock`,
  cases: [{}],
  quick: true,
  fixture: { module: import.meta.url, export: 'openPipeline' },
  *start(loop, { facts, latency }) {
    const folder = String(facts['folder']);
    // A name of its own: contestants are alive at the same time.
    const session = `${process.pid}-${process.hrtime.bigint()}`;
    const log = join(folder, session);
    const port = Number(facts['port']);
    const inputs = Array.from({ length: DOCUMENTS }, (_, document) => ({ port, document, log }));
    const jobs = jobSession<Step>(loop, {
      job: processDocument,
      inputs,
      concurrency: 16,
      latency,
    });
    const verify = jobs.verify.bind(jobs);
    jobs.verify = function* () {
      const digest = yield* verify();
      // The job's hash says what was computed; this says what has arrived in the files.
      const lines = yield* loop.adopt(writtenLines(folder, session));
      return createHash('sha256').update(`${digest}\n${lines}`).digest('hex').slice(0, 16);
    };
    return jobs;
  },
};

/** What the session has written, in whichever thread, in the order of the documents. */
async function writtenLines(folder: string, session: string): Promise<string> {
  const own = (await readdir(folder)).filter((name) => name.startsWith(`${session}-`));
  const texts = await Promise.all(own.map((name) => readFile(join(folder, name), 'utf8')));
  return texts.join('').split('\n').sort().join('\n');
}
