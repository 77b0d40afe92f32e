/** What limma says of the spread of many cells: see make_prior_vectors.R. */
import { goldenText } from './golden.js';

export interface PriorVectors {
  /** `freedom` is null for no end of it. */
  fits: { samples: number[][]; variance: number; freedom: number | null }[];
  /** x, f(x), x, f(x), … */
  digamma: number[];
  trigamma: number[];
  trigammaInverse: number[];
}

export function priorVectors(): PriorVectors {
  return JSON.parse(goldenText('prior-vectors.json')) as PriorVectors;
}
