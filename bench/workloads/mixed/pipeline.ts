/**
 * `pipeline` (mixed): read a JSON file, transform it, hash the outcome, write it to another file.
 * The fixture lays 64 files of 8 to 16 KiB into a folder of its own.
 */
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { portable } from '../../../src/loop/policy.js';
import { jobSession } from '../../../src/workload/job-session.js';
import { seeded } from '../../../src/random.js';
import type { OpenFixture, Workload } from '../../../src/workload/workload.js';
import { documentText, transform } from '../documents.js';

const FILES = 64;

interface Step {
  source: string;
  target: string;
}

export const processFile = portable(
  import.meta.url,
  'processFile',
  function* (loop, { source, target }: Step) {
    const bytes = yield* loop.io.readFile(source);
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
    const out = Buffer.from(JSON.stringify(transform(JSON.parse(text))));
    const hash = createHash('sha256').update(out).digest('hex');
    yield* loop.io.writeFile(target, out);
    return hash;
  },
);

export const openFiles: OpenFixture = async ({ folder, seed }) => {
  const random = seeded(seed);
  for (let i = 0; i < FILES; i++) {
    await writeFile(join(folder, `${i}.json`), documentText(random, 40, 80));
  }
  return { facts: { folder }, close: async () => {} };
};

export const pipeline: Workload = {
  name: 'pipeline',
  kind: 'mixed',
  summary: `read ${FILES} JSON files of 8 to 16 KiB, transform, hash, write the results`,
  cases: [{}],
  quick: true,
  fixture: { module: import.meta.url, export: 'openFiles' },
  *start(loop, { facts, latency }) {
    const folder = String(facts['folder']);
    // Targets of its own: contestants are alive at the same time.
    const inputs = Array.from({ length: FILES }, (_, i) => ({
      source: join(folder, `${i}.json`),
      target: join(folder, `${i}.out-${process.pid}.json`),
    }));
    const session = jobSession<Step>(loop, { job: processFile, inputs, concurrency: 16, latency });
    const verifyJobs = session.verify.bind(session);
    session.verify = function* () {
      const digest = yield* verifyJobs();
      // The job's hash says what was computed; this says what has arrived in the files.
      const written = createHash('sha256').update(digest);
      for (const { target } of inputs) written.update(yield* loop.io.readFile(target));
      return written.digest('hex').slice(0, 16);
    };
    return session;
  },
};
