/**
 * `json` (cpu): parse, transform and stringify documents. A job is a bundle of two documents of 8 to 16 KiB, some 0.2
 * ms of work. Its text must be copied on the way to a thread.
 */
import { createHash } from 'node:crypto';
import { portable } from '../../loop/portable.js';
import { defineWorkload } from '../../workload/define.js';
import { seeded } from '../../stats/random.js';
import { documentText, transform } from '../documents.js';

/** As many bundles as one sample can do, so that all samples contain the same work. */
const BUNDLES = 4;
const DOCUMENTS_PER_BUNDLE = 2;

export const transformBundle = portable(
  import.meta.url,
  'transformBundle',
  // A generator, like every standard workload, though it has nothing to wait for.
  function* (_loop, texts: readonly string[]) {
    const hash = createHash('sha1');
    for (const text of texts) hash.update(JSON.stringify(transform(JSON.parse(text))));
    return hash.digest('hex');
  },
);

export const json = defineWorkload({
  name: 'json',
  kind: 'cpu',
  summary: `parse, transform and stringify ${BUNDLES * DOCUMENTS_PER_BUNDLE} documents, ${DOCUMENTS_PER_BUNDLE} a job`,
  job: transformBundle,
  inputs({ seed }) {
    const random = seeded(seed);
    const bundle = (): string[] =>
      Array.from({ length: DOCUMENTS_PER_BUNDLE }, () => documentText(random, 40, 80));
    return Array.from({ length: BUNDLES }, bundle);
  },
  concurrency: 4,
});
