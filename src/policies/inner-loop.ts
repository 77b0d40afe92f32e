/** The loop on which a worker of a pool runs its jobs: the possible policies, the option, and how it is opened. */
import { InvalidArgumentError, PolicyUnavailableError, quote } from '../loop/errors.js';
import type { Loop, LoopPolicy } from '../loop/policy.js';

/** Policies of one thread. Each is imported only when it is asked for, so that a worker loads only one. */
export const LOAD_INNER = {
  microtask: async () => (await import('./microtask/index.js')).microtask,
  queue: async () => (await import('./queue/index.js')).queue,
  uv: async () => (await import('./uv/index.js')).uv,
} satisfies Record<string, () => Promise<LoopPolicy>>;

export type Inner = keyof typeof LOAD_INNER;

export interface InnerOption {
  /** The loop on which a worker runs its jobs. Default `microtask`. */
  inner?: Inner;
}

/** Refuses, before any worker is started, a loop that none of them could open. */
export async function checkInner({ inner = 'microtask' }: InnerOption): Promise<Inner> {
  const names = Object.keys(LOAD_INNER);
  if (!names.includes(inner)) {
    throw new InvalidArgumentError(
      `inner takes ${names.map(quote).join(', ')}, but got ${quote(inner)}`,
    );
  }
  const available = await (await LOAD_INNER[inner]()).probe();
  if (available.ok) return inner;
  throw new PolicyUnavailableError(
    `inner: ${quote(inner)}: ${available.reason}: ${available.remedy}`,
  );
}

/** Opens the loop and runs it for as long as the worker lives. */
export async function openInner(inner: Inner): Promise<Loop> {
  const loop = await (await LOAD_INNER[inner]()).open();
  void loop.runForever();
  return loop;
}
