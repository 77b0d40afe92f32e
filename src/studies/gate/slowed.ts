/**
 * A configuration module for the gate's self-test: every policy once more, as `queue slowed`, whose
 * `run` takes a known share of its time longer. `?share=0.1` in this module's URL says how much, and
 * `&config=` where the project's own policies are.
 *
 *   run ─▶ the work, t ms ─▶ a spin of share · t ms     all of a sample, so the size is exact
 */
import { catalogueOf } from '../../catalogue/catalogue.js';
import type { Config } from '../../config/define.js';
import type { Loop, LoopPolicy } from '../../loop/policy.js';

export function slowedName(policy: string): string {
  return `${policy} slowed`;
}

/** The URL of this module for a share of time, such as 0.1. */
export function slowedConfig(share: number, config: string | null): string {
  const url = new URL(import.meta.url);
  url.search = new URLSearchParams({
    share: String(share),
    ...(config === null ? {} : { config }),
  }).toString();
  return url.href;
}

function slowed(policy: LoopPolicy, share: number): LoopPolicy {
  return {
    ...policy,
    name: slowedName(policy.name),
    open: async (options) => slow(await policy.open(options), share),
    probe: () => policy.probe(),
  };
}

function slow(loop: Loop, share: number): Loop {
  const run = loop.run.bind(loop) as (...args: unknown[]) => Promise<unknown>;
  const longer = async (...args: unknown[]): Promise<unknown> => {
    const began = performance.now();
    try {
      return await run(...args);
    } finally {
      const now = performance.now();
      const until = now + (now - began) * share;
      while (performance.now() < until);
    }
  };
  return Object.assign(loop, { run: longer });
}

const asked = new URL(import.meta.url).searchParams;
const share = Number(asked.get('share') ?? 0);
const { policies } = await catalogueOf(asked.get('config'));

const config: Config = { policies: policies.map((policy) => slowed(policy, share)) };
export default config;
