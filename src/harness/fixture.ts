/** The case's fixture: a process and a folder of its own, opened once and always closed. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Facts, FixtureLoad, Params, Workload } from '../workload/workload.js';
import { Child } from './child.js';
import type { RunContext } from './contestant-run.js';
import { pin, pinning } from '../system/affinity.js';
import { nodeCommand } from './plan.js';
import type { FixtureAnswer, FixtureRequest } from '../protocol/messages.js';

export interface OpenedFixture {
  readonly facts: Facts;
  /** CPU time that its process has spent on its work so far, in µs; 0 if there is none. */
  busyUs(): Promise<number>;
  /** Ends the process, removes the folder, and returns how busy the fixture was, if it could still report that. */
  close(): Promise<FixtureLoad | null>;
}

/** The part of the context that a fixture needs. */
export interface FixtureContext {
  readonly plan: Pick<RunContext['plan'], 'seed' | 'limits'>;
  readonly children: Set<Child>;
}

type OpenedAnswer = Extract<FixtureAnswer, { did: 'openFixture' }>;
type BusyAnswer = Extract<FixtureAnswer, { did: 'tellBusy' }>;
type ClosedAnswer = Extract<FixtureAnswer, { did: 'closeFixture' }>;

const NONE: OpenedFixture = { facts: {}, busyUs: async () => 0, close: async () => null };

export async function openFixture(
  { plan, children }: FixtureContext,
  workload: Workload,
  params: Params,
): Promise<OpenedFixture> {
  if (workload.fixture === undefined) return NONE;
  const folder = await mkdtemp(join(tmpdir(), 'loopdyno-'));
  const entry = new URL('../fixture/host.js', import.meta.url);
  const child = new Child(`the fixture of ${workload.name}`, nodeCommand(entry));
  children.add(child);

  const close = async (): Promise<FixtureLoad | null> => {
    const request: FixtureRequest = { do: 'closeFixture' };
    const answer = await child.ask<ClosedAnswer>(request, plan.limits.workMs).catch(() => null);
    child.kill();
    await child.gone;
    children.delete(child);
    await rm(folder, { recursive: true, force: true });
    return answer?.load ?? null;
  };

  const { module, export: name } = workload.fixture;
  const request: FixtureRequest = {
    do: 'openFixture',
    module,
    export: name,
    params,
    seed: plan.seed,
    folder,
    spins: pinning() !== null,
  };
  try {
    const { facts, stays } = await child.ask<OpenedAnswer>(request, plan.limits.openMs);
    if (!stays) {
      await close();
      return { ...NONE, facts };
    }
    await pin(child.pid, pinning()?.fixtures);
    const busyUs = async (): Promise<number> => {
      const asked: FixtureRequest = { do: 'tellBusy' };
      return (await child.ask<BusyAnswer>(asked, plan.limits.workMs)).us;
    };
    return { facts, busyUs, close };
  } catch (error) {
    await close();
    throw error;
  }
}
