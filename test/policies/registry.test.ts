import { describe, expect, it } from 'vitest';
import { policies } from 'loopdyno';
import { loadPolicies, loadPolicy, onRequest, policyNames } from '#dist/src/policies/registry.js';

describe('the policies that come with loopdyno', () => {
  it('are those of the package, in the same order', async () => {
    const loaded = await loadPolicies();
    expect(loaded.length).toBe(policies.length);
    for (const [i, policy] of loaded.entries()) expect(policy).toBe(policies[i]);
  });

  it.each(policyNames)('has %s under its name', async (name) => {
    expect((await loadPolicy(name))?.name).toBe(name);
  });

  it('has none of a name that is not there', async () => {
    expect(await loadPolicy('quue')).toBeUndefined();
    expect(await loadPolicy('toString')).toBeUndefined();
  });

  it('measures only on request what there is', () => {
    for (const name of onRequest) expect(policyNames).toContain(name);
  });
});
