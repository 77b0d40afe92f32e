/** The loop on which a worker runs its jobs. Loaded by name, so that a worker loads one and not all. */
import { InvalidArgumentError, PolicyUnavailableError, quote } from '../../loop/errors.js';
import type { Loop, LoopPolicy } from '../../loop/policy.js';

export type Inner = 'microtask' | 'queue' | 'uv';

const load: Readonly<Record<Inner, () => Promise<LoopPolicy>>> = {
  microtask: async () => (await import('../microtask/index.js')).microtask,
  queue: async () => (await import('../queue/index.js')).queue,
  uv: async () => (await import('../uv/index.js')).uv,
};

/** Refuses, before any worker is started, what none of them could open. */
export async function checkInner(inner: unknown): Promise<void> {
  if (typeof inner !== 'string' || !Object.hasOwn(load, inner)) {
    throw new InvalidArgumentError(
      `inner takes ${Object.keys(load).map(quote).join(', ')}, but got ${quote(inner)}`,
    );
  }
  const available = await (await load[inner as Inner]()).probe();
  if (available.ok) return;
  throw new PolicyUnavailableError(
    `inner: ${quote(inner)}: ${available.reason}: ${available.remedy}`,
  );
}

/** Opens it and sets it going, for as long as the worker lives. */
export async function openInner(inner: Inner): Promise<Loop> {
  const loop = await (await load[inner]()).open();
  void loop.runForever();
  return loop;
}
