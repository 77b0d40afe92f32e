import { describe, expect, it } from 'vitest';
import { workloads } from '#dist/src/workloads/index.js';
import { loadWorkload } from '#dist/src/workloads/load.js';
import { policyNamed, workloadNamed } from '#dist/src/catalogue/named.js';
import { loadPolicy } from '#dist/src/policies/load.js';
import { policies } from '#dist/src/policies/registry.js';

describe('one by its name', () => {
  it.each(policies)('loads the policy $name alone', async (policy) => {
    // Not by way of the catalogue, which would find one that was forgotten.
    expect(await loadPolicy(policy.name)).toBe(policy);
    expect(await policyNamed(policy.name, null)).toBe(policy);
  });

  it.each(workloads)('loads the workload $name alone', async (workload) => {
    expect(await loadWorkload(workload.name)).toBe(workload);
    expect(await workloadNamed(workload.name, null)).toBe(workload);
  });

  it('names those there are when there is none of that name', async () => {
    await expect(policyNamed('quue', null)).rejects.toThrow(/no quue among microtask, queue/);
    await expect(workloadNamed('toString', null)).rejects.toThrow(/no toString among primes/);
  });
});
