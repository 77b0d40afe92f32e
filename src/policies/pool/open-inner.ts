/** The loop on which a worker runs its jobs. Loaded by name, so that a worker loads one and not all. */
import { InvalidArgumentError, PolicyUnavailableError, quote } from '../../loop/errors.js';
import type { Loop, LoopPolicy } from '../../loop/policy.js';
import { loadPolicy } from '../registry.js';

export type Inner = 'microtask' | 'queue' | 'uv';

const INNER: readonly Inner[] = ['microtask', 'queue', 'uv'];

async function load(inner: Inner): Promise<LoopPolicy> {
  return (await loadPolicy(inner)) as LoopPolicy;
}

/** Refuses, before any worker is started, what none of them could open. */
export async function checkInner(inner: unknown): Promise<void> {
  if (!INNER.includes(inner as Inner)) {
    throw new InvalidArgumentError(
      `inner takes ${INNER.map(quote).join(', ')}, but got ${quote(inner)}`,
    );
  }
  const available = await (await load(inner as Inner)).probe();
  if (available.ok) return;
  throw new PolicyUnavailableError(
    `inner: ${quote(inner)}: ${available.reason}: ${available.remedy}`,
  );
}

/** Opens it and sets it going, for as long as the worker lives. */
export async function openInner(inner: Inner): Promise<Loop> {
  const loop = await (await load(inner)).open();
  void loop.runForever();
  return loop;
}
