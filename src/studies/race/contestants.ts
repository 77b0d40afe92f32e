/** Contestants that are loops of ours on what a side runs on. */
import { pathToFileURL } from 'node:url';
import { contestantOf, contestantOn, type Contestant } from '../../harness/plan.js';
import type { LoopPolicy } from '../../loop/policy.js';
import { loadPolicy } from '../../policies/registry.js';
import { startOf, type Side } from './sides.js';

/** `config` is the path of a configuration module. */
export async function nodeContestant(side: Side, config: string): Promise<Contestant> {
  const { name, runtime, nodeFlags, env, loop } = side;
  const start = startOf(side);
  if (!start.ok) return unavailable(side, start.reason, start.remedy);
  const policy = (await loadPolicy(loop.pool?.name ?? loop.policy)) as LoopPolicy;
  const asked = { name: loop.policy, probe: policy.probe.bind(policy) };
  const url = pathToFileURL(config).href;
  const contestant =
    runtime === null
      ? contestantOf(asked, url, { nodeFlags })
      : contestantOn(runtime, asked, url, { nodeFlags });
  return { ...contestant, name, env };
}

/** A row that says why. */
export function unavailable({ name, loop }: Side, reason: string, remedy: string): Contestant {
  const find = async () => ({ ok: false as const, reason, remedy });
  return { name, policy: loop.policy, config: null, find };
}
