/**
 * `pipeline` (mixed): fetch a document, parse it, transform it, and append the outcome as a line to a
 * log under a lock.
 *
 * Each loop has a log of its own, since a lock works only among the tasks of one loop: under `workers` that is one log
 * per thread, under `processes` one per process. The log is started again after a fixed number of lines, so it cannot
 * fill a disk.
 */
import { createHash } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { threadId } from 'node:worker_threads';
import type { Coroutine, Loop } from '../../loop/policy.js';
import { portable } from '../../loop/portable.js';
import { Lock } from '../../loop/sync.js';
import { jobSession } from '../../workload/job-session.js';
import type { Session, Workload } from '../../workload/workload.js';
import { transform } from '../documents.js';
import { fetchBody, originsOf } from '../site/client.js';
import { DOCUMENTS } from '../site/content.js';

const JOBS_IN_FLIGHT = 16;
/** Far more than the verified sample, of which every line is read back. */
const LINES_PER_LOG = 2048;

export interface PipelineInput {
  readonly url: string;
  /** The prefix of the names of this session's logs. */
  readonly log: string;
}

class Log {
  private readonly loop: Loop;
  private readonly path: string;
  private readonly lock: Lock;
  private lines = 0;

  constructor(loop: Loop, path: string) {
    this.loop = loop;
    this.path = path;
    this.lock = new Lock(loop);
  }

  *append(line: string): Coroutine<void> {
    const { io } = this.loop;
    yield* this.lock.acquire();
    try {
      const begins = this.lines++ % LINES_PER_LOG === 0;
      yield* begins ? io.writeFile(this.path, line) : io.appendFile(this.path, line);
    } finally {
      this.lock.release();
    }
  }
}

const logs = new WeakMap<Loop, Map<string, Log>>();

function logOf(loop: Loop, prefix: string): Log {
  let ofLoop = logs.get(loop);
  if (ofLoop === undefined) logs.set(loop, (ofLoop = new Map()));
  let log = ofLoop.get(prefix);
  if (log === undefined)
    ofLoop.set(prefix, (log = new Log(loop, `${prefix}${process.pid}-${threadId}.ndjson`)));
  return log;
}

export const processDocument = portable(
  import.meta.url,
  'processDocument',
  function* (loop, { url, log }: PipelineInput) {
    const body = yield* fetchBody(loop, url);
    const line = `${JSON.stringify(transform(JSON.parse(body.toString())))}\n`;
    yield* logOf(loop, log).append(line);
    return createHash('sha1').update(line).digest('hex');
  },
);

let sessions = 0;

export const pipeline: Workload = {
  name: 'pipeline',
  kind: 'mixed',
  summary: `fetch JSON documents of 8 to 16 KiB, transform, append to a log under a lock, ${JOBS_IN_FLIGHT} at once`,
  cases: [{}],
  fixture: {
    module: new URL('../../fixture/sites.js', import.meta.url).href,
    export: 'openPipelineSite',
  },
  *start(loop, { facts, latency }) {
    const [origin] = originsOf(facts) as [string];
    const log = join(String(facts['folder']), `${process.pid}-${++sessions}-`);
    const inputs = Array.from({ length: DOCUMENTS }, (_, i) => ({
      url: `${origin}/doc/${i}`,
      log,
    }));
    const options = { job: processDocument, inputs, concurrency: JOBS_IN_FLIGHT, latency };
    return withLogs(loop, jobSession<PipelineInput>(loop, options), log);
  },
};

/** The digest also covers the lines in the logs, which are removed in the end. */
function withLogs(loop: Loop, session: Session, prefix: string): Session {
  const paths = (): string[] =>
    readdirSync(dirname(prefix))
      .filter((name) => name.startsWith(basename(prefix)))
      .map((name) => join(dirname(prefix), name));
  const verify = session.verify.bind(session);
  session.verify = function* () {
    const hash = createHash('sha256').update(yield* verify());
    // Which thread did which job is chance; the set of lines is not.
    const lines: string[] = [];
    for (const path of paths()) {
      const bytes = yield* loop.io.readFile(path);
      lines.push(...Buffer.from(bytes).toString().split('\n'));
    }
    for (const line of lines.filter((text) => text !== '').sort()) hash.update(line);
    return hash.digest('hex').slice(0, 16);
  };
  session.close = function* () {
    for (const path of paths()) rmSync(path);
  };
  return session;
}
