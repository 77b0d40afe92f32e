/** Copies of the four policies of a standard run: the same code under other names. */
import { defineConfig } from '../../src/config/define.js';
import { definePolicy } from '../../src/policies/define.js';
import { loadPolicy } from '../../src/policies/registry.js';
import type { LoopPolicy } from '../../src/loop/policy.js';

export const POLICIES = ['microtask', 'queue', 'uv', 'workers'] as const;
const COPIES = 4;

/** The first copy is the reference of the others. */
export function copiesOf(policy: string): string[] {
  return Array.from({ length: COPIES }, (_, copy) => `${policy}-copy-${copy}`);
}

// Each copy loads its original when it is opened, and nothing else.
export default defineConfig({
  policies: POLICIES.flatMap((policy) => copiesOf(policy).map((name) => copy(policy, name))),
});

function copy(policy: string, name: string): LoopPolicy {
  const original = async (): Promise<LoopPolicy> => (await loadPolicy(policy)) as LoopPolicy;
  return definePolicy({
    name,
    summary: `the same code as ${policy}`,
    capabilities: { fair: true, step: true, parallel: policy === 'workers', realTime: true },
    probe: async () => (await original()).probe(),
    open: async (options) => (await original()).open(options),
  });
}
