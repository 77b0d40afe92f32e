/** The committed files that several tests compare with. See make-results.mjs, make_vectors.py. */
import { readFileSync } from 'node:fs';
import { judged } from '#dist/src/analysis/verdicts.js';
import { parseResults } from '#dist/src/documents/parse-results.js';
import type { Estimate, Results } from '#dist/src/documents/results.js';

export interface Vectors {
  quantiles: { values: number[]; p: number; expected: number }[];
  intervals: { values: number[]; confidence: number; expected: Estimate }[];
  deviations: { values: number[]; expected: number }[];
  changes: {
    a: number[];
    b: number[];
    expected: Estimate;
    /** `power` is what a change of that share would have in truth. */
    detectable: { share: number; freedom: number; power: number };
  }[];
  analysis: {
    workload: string;
    params: Record<string, number | string>;
    expected: Record<
      string,
      Record<'throughput' | 'ratio' | 'cpuPerJob' | 'firstJob', Estimate> & {
        outliers: { samples: number; mild: number; severe: number };
      } & Record<'latency' | 'lag' | 'memory' | 'gc' | 'switches', Record<string, number>>
    >;
  }[];
  harness: Record<'sampleUs' | 'jobUs' | 'worstShare', number>;
}

export function goldenText(name: string): string {
  return readFileSync(new URL(name, import.meta.url), 'utf8');
}

/** A new copy each time, so that a test may change it. */
export function goldenResults(): Results {
  return judged(parseResults(goldenText('results.json'), 'results.json'));
}

export function goldenVectors(): Vectors {
  return JSON.parse(goldenText('vectors.json')) as Vectors;
}
