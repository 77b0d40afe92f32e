/**
 * `json` (cpu): parse a document, transform it, stringify it. Some hundred documents of 8 to 16 KiB;
 * a job is one of them, 100 to 200 µs of work on a machine of 2024.
 */
import { createHash } from 'node:crypto';
import { portable } from '../../../src/loop/policy.js';
import { jobSession } from '../../../src/workload/job-session.js';
import { seeded } from '../../../src/workload/random.js';
import type { Workload } from '../../../src/workload/workload.js';
import { documentText, transform } from '../documents.js';

const DOCUMENTS = 256;

export const transformDocument = portable(
  import.meta.url,
  'transformDocument',
  // A generator, as in every standard workload, though it has nothing to wait for.
  function* (_loop, text: string) {
    const out = JSON.stringify(transform(JSON.parse(text)));
    return createHash('sha1').update(out).digest('hex');
  },
);

export const json: Workload = {
  name: 'json',
  kind: 'cpu',
  summary: `parse, transform and stringify ${DOCUMENTS} documents of 8 to 16 KiB`,
  cases: [{}],
  *start(loop, { seed }) {
    const random = seeded(seed);
    const inputs = Array.from({ length: DOCUMENTS }, () => documentText(random, 40, 80));
    return jobSession(loop, { job: transformDocument, inputs, concurrency: 16 });
  },
};
