/**
 * A contestant that is a program of its own, whatever it is written in: it speaks the protocol of
 * docs/protocol.md, and does the workloads that it names.
 */
import { z } from 'zod';
import { quote } from '../text/errors.js';
import type { Availability } from '../loop/policy.js';

/** The command that starts a contestant's process, or why there can be none on this machine. */
export type Found =
  { readonly ok: true; readonly command: readonly string[] } | Extract<Availability, { ok: false }>;

export interface Program {
  /** Unique among policies and programs, and short. */
  readonly name: string;
  /** Default: the name. */
  readonly summary?: string;
  /** Those that it can do, by name; it is measured in no other. */
  readonly workloads: readonly string[];
  /**
   * The command that starts it, or why there can be none on this machine. It may build the program first, and is
   * called once a run.
   */
  find(): Promise<Found>;
}

const text = z.string();
const FoundSchema = z.union([
  z.object({ ok: z.literal(true), command: z.array(text).min(1) }),
  z.object({ ok: z.literal(false), reason: text, remedy: text }),
]);

/** What was left out is there, and a `find` that fails, or says something else, is a row of the report too. */
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
