/**
 * Runs one contestant alone, to be inspected and not measured:
 *
 *   open ─▶ warm up ─▶ trace: one batch, every turn and step     ▶ a file for ui.perfetto.dev
 *                      profile: some time of work, sampled       ▶ a .cpuprofile
 *
 * It is the process of a run, with the same fixture and warm-up: what is inspected is what a run measures.
 */
import { Child } from '../../harness/child.js';
import { childrenUntil } from '../../harness/children.js';
import { openFixture, type OpenedFixture } from '../../harness/fixture.js';
import { openRequest, type Contestant, type Limits } from '../../harness/plan.js';
import type {
  CloseAnswer,
  InspectAnswer,
  InspectRequest,
  OpenAnswer,
  SliceAnswer,
} from '../../protocol/messages.js';
import type { Params, Workload } from '../../workload/workload.js';

export interface Subject {
  readonly contestant: Contestant;
  /** The command that starts the process. */
  readonly command: readonly string[];
  readonly workload: Workload;
  readonly params: Params;
  readonly seed: number;
  readonly limits: Limits;
}

export type Look =
  | { readonly what: 'trace'; readonly path: string; readonly jobs: number | null }
  | { readonly what: 'profile'; readonly path: string; readonly ms: number };

/** Returns how much was recorded: events of a trace, samples of a profile. */
export async function inspect(
  { contestant, command, workload, params, seed, limits }: Subject,
  look: Look,
  signal: AbortSignal,
): Promise<InspectAnswer> {
  const { children, end } = childrenUntil(signal);
  let fixture: OpenedFixture | null = null;
  const child = new Child(contestant.name, command, { memoryBytes: limits.memoryBytes });
  children.add(child);
  try {
    fixture = await openFixture({ plan: { seed, limits }, children }, workload, params);
    const setup = { params, seed, facts: fixture.facts };
    const open = {
      ...openRequest(contestant, workload, setup),
      trace: look.what === 'trace',
    };
    const { concurrency, cycle = 1 } = await child.ask<OpenAnswer>(open, limits.openMs);
    await warmUp(child, concurrency, limits);
    const request: InspectRequest =
      look.what === 'trace'
        ? { do: 'trace', path: look.path, jobs: look.jobs ?? Math.max(concurrency, cycle) }
        : { do: 'profile', path: look.path, ms: look.ms, batch: Math.max(concurrency, cycle) };
    const spent = look.what === 'profile' ? look.ms : 0;
    const answer = await child.ask<InspectAnswer>(request, spent + limits.workMs);
    await child.ask<CloseAnswer>({ do: 'close' }, limits.workMs);
    return answer;
  } finally {
    try {
      await fixture?.close();
    } finally {
      await end();
    }
  }
}

/** The warm-up in ms: long enough for the inspected work to be compiled. */
const WARM_MS = 1000;

async function warmUp(child: Child, concurrency: number, limits: Limits): Promise<void> {
  const slice = { do: 'slice', ms: WARM_MS / 2, batch: concurrency } as const;
  for (let half = 0; half < 2; half++) {
    await child.ask<SliceAnswer>(slice, slice.ms + limits.workMs);
  }
}
