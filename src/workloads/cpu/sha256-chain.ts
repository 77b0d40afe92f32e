/**
 * `sha256-chain` (cpu): SHA-256 of a SHA-256 of a …, in JavaScript, so that V8 does the work and not OpenSSL. 32-bit
 * integer arithmetic over a few hundred bytes: hardly any memory.
 */
import { portable } from '../../loop/portable.js';
import { seeded } from '../../stats/random.js';
import { defineWorkload } from '../../workload/define.js';
import { sha256 } from './sha256.js';

const LINKS = 300;

export const hashChain = portable(import.meta.url, 'hashChain', function* (_loop, start: string) {
  const hash = Buffer.from(start, 'hex');
  for (let i = 0; i < LINKS; i++) sha256(hash, hash);
  return hash.toString('hex');
});

export const sha256Chain = defineWorkload({
  name: 'sha256-chain',
  kind: 'cpu',
  summary: `chains of ${LINKS} SHA-256 hashes, in JavaScript`,
  standard: 0,
  job: hashChain,
  inputs({ seed }) {
    const random = seeded(seed);
    return Array.from({ length: 4 }, () =>
      Array.from({ length: 32 }, () => random.int(0, 255).toString(16).padStart(2, '0')).join(''),
    );
  },
  concurrency: 4,
});
