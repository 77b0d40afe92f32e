/**
 * A line of the gate's ledger: what one run said, and whether it was wrong where that is known. A run compares one cell
 * of the same code on both sides, the control; and all its cells are that where base and head are one commit.
 */
import { z } from 'zod';
import type { GateDocument } from './gate.js';

const count = z.int().nonnegative();

export const LedgerEntrySchema = z.object({
  /** When it began. */
  at: z.string(),
  /** Of the head. */
  commit: z.string().nullable(),
  /** Such as `2 × AMD EPYC, Node 20.20.2`. */
  machine: z.string(),
  elapsedMs: z.number().nonnegative(),
  /** Base and head are the same commit, with nothing changed: no cell can be slower. */
  same: z.boolean(),
  /** Whether the control was called different; null where it was not measured. */
  controlMoved: z.boolean().nullable(),
  cells: count,
  slower: count,
  /** Neither slower nor not slower. */
  open: count,
});

export type LedgerEntry = z.infer<typeof LedgerEntrySchema>;

/** Null of a run that was interrupted. */
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
