import { describe, expect, it } from 'vitest';
import { policies } from 'loopdyno';
import { policyNamed, workloadNamed } from '#dist/src/catalogue/named.js';
import { loadWorkloads } from '#dist/src/workloads/registry.js';

const workloads = await loadWorkloads();

describe('one by its name', () => {
  it.each(policies)('is the policy $name', async (policy) => {
    expect(await policyNamed(policy.name, null)).toBe(policy);
  });

  it.each(workloads)('is the workload $name', async (workload) => {
    expect(await workloadNamed(workload.name, null)).toBe(workload);
  });

  it('names those there are when there is none of that name', async () => {
    await expect(policyNamed('quue', null)).rejects.toThrow(/no quue among microtask, queue/);
    await expect(workloadNamed('toString', null)).rejects.toThrow(/no toString among primes/);
  });
});
