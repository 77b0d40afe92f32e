/**
 * A line of the gate's ledger: what one run said and, where that is known, whether it was wrong. In every run one cell
 * has the same code on both sides: the control. If base and head are one commit, that holds for all cells.
 */
import { z } from 'zod';
import type { GateDocument } from './gate.js';

const count = z.int().nonnegative();

export const LedgerEntrySchema = z.object({
  /** When the run began. */
  at: z.string(),
  /** The commit of the head. */
  commit: z.string().nullable(),
  /** For example `2 × AMD EPYC, Node 20.20.2`. */
  machine: z.string(),
  elapsedMs: z.number().nonnegative(),
  /** Base and head are the same commit without changes: no cell can be slower. */
  same: z.boolean(),
  /** Whether the control was called different; null if it was not measured. */
  controlMoved: z.boolean().nullable(),
  cells: count,
  slower: count,
  /** Cells that are neither slower nor not slower. */
  open: count,
});

export type LedgerEntry = z.infer<typeof LedgerEntrySchema>;

/** Null for a run that was interrupted. */
export function ledgerEntry(gate: GateDocument): LedgerEntry | null {
  if (gate.status === 'aborted') return null;
  const { cores, cpu, node } = gate.fingerprint;
  const has = (...verdicts: string[]): number =>
    gate.cells.filter(({ verdict }) => verdicts.includes(verdict)).length;
  return {
    at: gate.startedAt,
    commit: gate.head.commit,
    machine: `${cores} × ${cpu}, Node ${node}`,
    elapsedMs: gate.elapsedMs,
    same:
      gate.head.commit !== null &&
      gate.head.commit === gate.base.commit &&
      gate.head.dirty === false,
    controlMoved: gate.control?.moved ?? null,
    cells: gate.cells.length,
    slower: has('slower', 'accepted'),
    open: has('unresolved'),
  };
}
