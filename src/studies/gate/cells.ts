/** Which cells a gate has: what both builds can do, the control that neither can touch, and the rest. */
import { contestantOf, type Contestant, type PlannedCase } from '../../harness/plan.js';
import { microtask } from '../../policies/microtask/index.js';
import { titleOf, caseKey } from '../../documents/cases.js';
import type { Resolved } from '../../runtimes/runtime.js';
import type { Kind, Workload } from '../../workload/workload.js';
import type { Arena, Side } from './arena.js';
import { side, type Build } from './build.js';
import { isIdlePool, type GateChoice } from './choice.js';
import { quantityOf, type Quantity } from './quantity.js';

export interface GateCell extends PlannedCase {
  /** Such as `queue · echo, 1 KiB`: unique, and what `accepted.json` names. */
  readonly name: string;
  readonly policy: string;
  readonly kind: Kind;
  readonly quantity: Quantity;
  /** Both sides are the build that measures: it must stand still. */
  readonly control: boolean;
}

export interface OneSided {
  /** Such as `workload crawl`. */
  readonly what: string;
  readonly in: 'base' | 'head';
}

export const CONTROL = 'control';

export function gateCells(
  base: Build,
  head: Build,
  { policies: chosen, cases, idlePools }: GateChoice,
  arena: Arena,
  runtimes: Readonly<Record<Side, Resolved | null>> = { base: null, head: null },
) {
  const raced = (name: Side, build: Build, policy: string): Contestant => ({
    ...side(name, build, policy, runtimes[name]),
    placed: (at) => arena.placed(at),
  });
  const theirs = new Map(
    base.catalogue.workloads.flatMap((workload) =>
      workload.cases.map((params) => [caseKey({ workload: workload.name, params }), workload]),
    ),
  );
  const known = new Set(base.catalogue.policies.map(({ name }) => name));
  const policies = chosen.flatMap((policy) =>
    known.has(policy) ? head.catalogue.policies.filter(({ name }) => name === policy) : [],
  );
  const cells: GateCell[] = cases
    .filter(({ workload, params }) => theirs.has(caseKey({ workload: workload.name, params })))
    .flatMap(({ workload, params }) =>
      policies
        .filter((policy) => idlePools || !isIdlePool(policy, workload))
        .map(({ name: policy, capabilities }) => ({
          name: `${policy} · ${titleOf({ workload: workload.name, params })}`,
          policy,
          kind: workload.kind,
          quantity: quantityOf(capabilities, workload.kind),
          control: false,
          workload,
          params,
          contestants: [raced('base', base, policy), raced('head', head, policy)],
        })),
    );
  return { cells, oneSided: oneSided(base, head) };
}

/** A policy that needs nothing of the machine, on work that is all computing. */
export function controlCell(workloads: readonly Workload[]): GateCell | null {
  const workload = workloads.find(({ kind, fixture }) => kind === 'cpu' && fixture === undefined);
  if (workload === undefined) return null;
  const params = workload.cases[0] ?? {};
  const one = contestantOf(microtask, null);
  return {
    name: CONTROL,
    policy: microtask.name,
    kind: workload.kind,
    quantity: quantityOf(microtask.capabilities, workload.kind),
    control: true,
    workload,
    params,
    contestants: [
      { ...one, name: 'base' },
      { ...one, name: 'head' },
    ],
  };
}

function oneSided(base: Build, head: Build): OneSided[] {
  const namesOf = ({ catalogue: { policies: all, workloads } }: Build): Set<string> =>
    new Set([
      ...all.map(({ name }) => `policy ${name}`),
      ...workloads.flatMap(({ name, cases }) =>
        cases.map((params) => `workload ${titleOf({ workload: name, params })}`),
      ),
    ]);
  const [a, b] = [namesOf(base), namesOf(head)];
  return [
    ...[...a].filter((what) => !b.has(what)).map((what) => ({ what, in: 'base' as const })),
    ...[...b].filter((what) => !a.has(what)).map((what) => ({ what, in: 'head' as const })),
  ];
}
