import { describe, expect, it } from 'vitest';
import { workloads } from '#dist/bench/workloads/index.js';
import { policyNamed, workloadNamed } from '#dist/src/config/one.js';
import { policies } from '#dist/src/policies/registry.js';

describe('one by its name', () => {
  it.each(policies)('gives the policy $name that is in the catalogue', async (policy) => {
    expect(await policyNamed(policy.name, null)).toBe(policy);
  });

  it.each(workloads)('gives the workload $name that is in the catalogue', async (workload) => {
    expect(await workloadNamed(workload.name, null)).toBe(workload);
  });

  it('names those there are when there is none of that name', async () => {
    await expect(policyNamed('quue', null)).rejects.toThrow(/no quue among microtask, queue/);
    await expect(workloadNamed('toString', null)).rejects.toThrow(/no toString among primes/);
  });
});
