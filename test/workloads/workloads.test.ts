/** Every workload under every policy: the same digest, batches that do what they say, tidy ends. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadWorkloads } from '#dist/src/workloads/registry.js';
import type { Child } from '#dist/src/harness/child.js';
import { openFixture, type OpenedFixture } from '#dist/src/harness/fixture.js';
import { LIMITS } from '#dist/src/studies/plan.js';
import { loadPolicies } from '#dist/src/policies/registry.js';
import { Histogram } from '#dist/src/stats/histogram.js';
import type { Params, Workload } from '#dist/src/workload/workload.js';

const SEED = 3;

const context = { plan: { seed: SEED, limits: LIMITS }, children: new Set<Child>() };

/** Cases as they are, but for files that would take long to write again and again. */
function paramsOf({ name, cases }: Workload): readonly Params[] {
  if (name !== 'files') return cases;
  return [
    { mode: 'read', size: 4096, files: 8 },
    { mode: 'read', size: 1 << 20, files: 2 },
    { mode: 'write', size: 4096, files: 8 },
  ];
}

const policies = await loadPolicies();
const available = new Map(
  await Promise.all(policies.map(async (policy) => [policy, (await policy.probe()).ok] as const)),
);

for (const workload of await loadWorkloads()) {
  for (const params of paramsOf(workload)) {
    describe(`${workload.name} ${JSON.stringify(params)}`, () => {
      const digests = new Map<string, string>();
      let fixture: OpenedFixture;
      beforeAll(async () => {
        fixture = await openFixture(context, workload, params);
      });
      afterAll(async () => {
        const load = await fixture.close();
        if (load !== null) {
          expect(load.handled).toBeGreaterThan(0);
          expect(load.engine).toMatch(/^(native|node)$/);
        }
      });

      for (const policy of policies) {
        it.skipIf(available.get(policy) !== true)(`under ${policy.name}`, async () => {
          const loop = await policy.open();
          const latency = new Histogram();
          const setup = { params, seed: SEED, facts: fixture.facts, latency };
          const session = await loop.run(() => workload.start(loop, setup));
          digests.set(policy.name, await loop.run(() => session.verify()));
          expect(new Set(digests.values()).size).toBe(1);

          latency.clear();
          for (const jobs of [1, 5, session.concurrency]) {
            const before = session.done;
            await loop.run(() => session.batch(jobs));
            expect(session.done).toBeGreaterThan(before + jobs - (session.cycle ?? 1));
          }
          await loop.run(() => session.rest());
          const { done } = session;
          // At rest nothing goes on by itself, and every job that was done has been timed, no other.
          await loop.run(() => loop.io.sleep(20));
          expect(session.done).toBe(done);
          expect(latency.count).toBe(done);

          await loop.run(() => session.batch(3));
          expect(session.done).toBeGreaterThanOrEqual(done + 3);
          await loop.run(() => session.rest());
          await loop.run(() => session.close());
          expect(await loop.close()).toEqual({ pending: [], failures: [], abandoned: [] });
        });
      }
    });
  }
}
