/**
 * What a conformance case is, and what it receives.
 *
 *   case = data { group, name, needs?, run }      a runner decides how it is reported
 *   kit  = a policy's fresh loops                 closed after the case, and checked: whatever a
 *                                                 loop left behind must have been expected
 */
import type { Capabilities, CloseReport, Loop, LoopPolicy } from '../loop/policy.js';

export interface Case {
  readonly group: string;
  readonly name: string;
  /** The capabilities that a policy must state, as true or as false, for the case to apply. */
  readonly needs?: Partial<Capabilities>;
  run(kit: Kit): Promise<void>;
}

export interface ReportedError {
  readonly error: unknown;
  readonly what: string;
}

export interface Kit {
  readonly policy: LoopPolicy;
  /** Opens a fresh loop. It is closed after the case, and must have left nothing behind. */
  open(): Promise<Loop>;
  /** Closes a loop that may leave something behind; the case must then check what. */
  close(loop: Loop): Promise<CloseReport>;
  /** Takes the errors that loops reported through `onError`. An error that is not taken fails the case. */
  takeErrors(): ReportedError[];
  /** A path in the case's own directory, which is removed afterwards. */
  path(name: string): Promise<string>;
}

type Run = (kit: Kit) => Promise<void>;

/** Adds a case to a group. `needs` selects policies by capabilities, and nothing else does. */
export interface Add {
  (name: string, run: Run): void;
  (name: string, needs: Partial<Capabilities>, run: Run): void;
}

/** The cases of one group. */
export function group(title: string, define: (add: Add) => void): readonly Case[] {
  const cases: Case[] = [];
  define((name: string, ...rest: [Run] | [Partial<Capabilities>, Run]) => {
    const common = { group: title, name };
    if (rest.length === 1) cases.push({ ...common, run: rest[0] });
    else cases.push({ ...common, needs: rest[0], run: rest[1] });
  });
  return cases;
}

/** Why a case does not apply to a policy; null if it applies. */
export function whyNot(testCase: Case, { name, capabilities }: LoopPolicy): string | null {
  const unmet = Object.entries(testCase.needs ?? {}).filter(
    ([key, wanted]) => capabilities[key as keyof Capabilities] !== wanted,
  );
  if (unmet.length === 0) return null;
  const wanted = unmet.map(([key, value]) => `${key}: ${value}`).join(', ');
  return `needs ${wanted}, which ${name} does not state`;
}
