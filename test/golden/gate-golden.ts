/** What SciPy and R say of the gate's statistics: see make_gate_vectors.py. */
import { goldenText } from './golden.js';

export interface Ends {
  low: number;
  high: number;
}

export interface GateVectors {
  normal: { z: number; share: number }[];
  hodgesLehmann: {
    values: number[];
    confidence: number;
    expected: { point: number; low: number | null; high: number | null };
  }[];
  pseudoMedian: { values: number[]; expected: number }[];
  robustDeviation: { values: number[]; expected: number }[];
  proportions: {
    events: number;
    trials: number;
    confidence: number;
    clopperPearson: Ends;
  }[];
}

export function gateVectors(): GateVectors {
  return JSON.parse(goldenText('gate-vectors.json')) as GateVectors;
}
