/**
 * A contestant that is a program of its own, in any language. It speaks the protocol of docs/protocol.md, and does the
 * workloads that it names.
 */
import { z } from 'zod';
import { quote } from '../text/errors.js';
import type { Availability } from '../loop/policy.js';

/** The command that starts a contestant's process, or the reason why this machine has none. */
export type Found =
  { readonly ok: true; readonly command: readonly string[] } | Extract<Availability, { ok: false }>;

export interface Program {
  /** Unique among policies and programs, and short. */
  readonly name: string;
  /** Default: the name. */
  readonly summary?: string;
  /** The names of the workloads that it can do. It is measured in no other. */
  readonly workloads: readonly string[];
  /**
   * Returns the command that starts the program, or the reason why this machine has none. It may build the program
   * first. Called once per run.
   */
  find(): Promise<Found>;
}

const text = z.string();
const FoundSchema = z.union([
  z.object({ ok: z.literal(true), command: z.array(text).min(1) }),
  z.object({ ok: z.literal(false), reason: text, remedy: text }),
]);

/** Fills in the defaults. A `find` that throws, or returns something else, becomes a row of the report, too. */
export function completed(program: Program): Required<Program> {
  const { name, summary = name, workloads } = program;
  let found: Promise<Found> | undefined;
  return { name, summary, workloads, find: () => (found ??= foundBy(program)) };
}

async function foundBy(program: Program): Promise<Found> {
  const remedy = 'let find() give { ok: true, command: [...] } or { ok: false, reason, remedy }';
  try {
    const found: unknown = await program.find();
    const { data } = FoundSchema.safeParse(found);
    return data ?? { ok: false, reason: `its find() gave ${quote(found)}`, remedy };
  } catch (error) {
    return { ok: false, reason: `its find() threw ${quote(error)}`, remedy };
  }
}
