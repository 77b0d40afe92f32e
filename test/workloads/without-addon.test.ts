/** The other end of `echo` and `echo-client` on a machine where the addon is not built. */
import { afterEach, expect, it, vi } from 'vitest';
import { loadWorkload } from '#dist/src/workloads/registry.js';
import type { Child } from '#dist/src/harness/child.js';
import { openFixture } from '#dist/src/harness/fixture.js';
import { LIMITS } from '#dist/src/studies/plan.js';
import { microtask } from '#dist/src/policies/microtask/index.js';
import { Histogram } from '#dist/src/stats/histogram.js';

afterEach(() => vi.unstubAllEnvs());

it.each(['echo', 'echo-client'])('%s has its fixture on node:net', async (name) => {
  vi.stubEnv('LOOPDYNO_NATIVE', '0'); // which the fixture's process inherits
  const workload = await loadWorkload(name);
  if (workload === undefined) throw new Error(`no workload ${name}`);
  const context = { plan: { seed: 3, limits: LIMITS }, children: new Set<Child>() };
  const params = { size: 70_000 }; // more than a read brings at once
  const fixture = await openFixture(context, workload, params);
  const loop = await microtask.open();
  const latency = new Histogram();
  const setup = { params, seed: 3, facts: fixture.facts, latency };
  const session = await loop.run(() => workload.start(loop, setup));
  const digest = await loop.run(() => session.verify());
  expect(digest).toMatch(/^[0-9a-f]{16}$/);

  latency.clear();
  for (let slice = 0; slice < 2; slice++) {
    const before = session.done;
    for (let i = 0; i < 4; i++) await loop.run(() => session.batch(5));
    await loop.run(() => session.rest());
    expect(session.done).toBeGreaterThanOrEqual(before + 20);
    expect(latency.count).toBe(session.done);
  }
  await loop.run(() => session.close());
  expect(await loop.close()).toEqual({ pending: [], failures: [], abandoned: [] });
  expect(await fixture.close()).toMatchObject({ engine: 'node', unit: 'messages' });
});
