/** Fixtures that spin while a contestant is at work: what they tell of it, and that they end it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Child } from '#dist/src/harness/child.js';
import { nodeCommand } from '#dist/src/harness/plan.js';
import type { FixtureAnswer, FixtureRequest } from '#dist/src/protocol/messages.js';
import { microtask } from '#dist/src/policies/microtask/index.js';
import { Histogram } from '#dist/src/stats/histogram.js';
import { totalUs } from '#dist/src/system/cpu-time.js';
import { loadWorkload } from '#dist/src/workloads/registry.js';
import type { Facts, FixtureLoad, Workload } from '#dist/src/workload/workload.js';

const WORK_MS = 200;
const LIMIT_MS = 10_000;

let folder = '';
let child: Child;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loopdyno-test-'));
  child = new Child(
    'the fixture',
    nodeCommand(new URL('../../dist/src/fixture/host.js', import.meta.url)),
  );
});
afterEach(async () => {
  child.kill();
  await child.gone;
  await rm(folder, { recursive: true });
});

async function ask<Did extends FixtureAnswer['did']>(request: FixtureRequest & { do: Did }) {
  return child.ask<Extract<FixtureAnswer, { did: Did }>>(request, LIMIT_MS);
}

/** CPU time in µs: what the fixture says that it was busy, and what its process had in all. */
interface Spent {
  readonly busyUs: number;
  readonly totalUs: number;
}

async function spent(): Promise<Spent> {
  const { us } = await ask({ do: 'tellBusy' });
  return { busyUs: us, totalUs: totalUs(`${child.pid}`) };
}

/** What the fixture spent while a contestant worked, and what it said in the end. */
async function spentAtWork(
  workload: Workload,
  spins: boolean,
): Promise<Spent & { load: FixtureLoad | null }> {
  const { module, export: name } = workload.fixture as { module: string; export: string };
  const params = workload.cases[0] ?? {};
  const about = { module, export: name, params, seed: 3, folder };
  const { facts } = await ask({ do: 'openFixture', ...about, spins });
  const before = await spent();
  await work(workload, facts);
  const after = await spent();
  await asleep();
  const { load } = await ask({ do: 'closeFixture' });
  return {
    busyUs: after.busyUs - before.busyUs,
    totalUs: after.totalUs - before.totalUs,
    load,
  };
}

async function work(workload: Workload, facts: Facts): Promise<void> {
  const loop = await microtask.open();
  const params = workload.cases[0] ?? {};
  const setup = { params, seed: 3, facts, latency: new Histogram() };
  const session = await loop.run(() => workload.start(loop, setup));
  await loop.run(() => session.verify());
  const until = performance.now() + WORK_MS;
  while (performance.now() < until) await loop.run(() => session.batch(session.concurrency));
  await loop.run(() => session.rest());
  await loop.run(() => session.close());
  await loop.close();
}

/** Returns when its process has used next to nothing for a while; one that spins never does. */
async function asleep(): Promise<void> {
  await expect
    .poll(
      async () => {
        const before = totalUs(`${child.pid}`);
        await sleep(200);
        return totalUs(`${child.pid}`) - before;
      },
      { timeout: 5000, interval: 1 },
    )
    .toBeLessThan(5000);
}

describe.skipIf(process.platform !== 'linux')('the fixture of', () => {
  it.each(['echo', 'web-socket', 'deferred'])(
    '%s spins while a contestant works, tells the idle part apart, and goes to sleep',
    async (name) => {
      const {
        busyUs,
        totalUs: all,
        load,
      } = await spentAtWork((await loadWorkload(name)) as Workload, true);
      expect(busyUs).toBeGreaterThan(0);
      expect(busyUs).toBeLessThan(0.95 * all);
      expect(load?.handled).toBeGreaterThan(0);
      expect(load?.cpuUs).toBeGreaterThan(0);
      expect(load?.cpuUs).toBeLessThan(0.95 * all);
    },
  );

  it.each(['echo', 'deferred', 'echo-client'])(
    '%s is busy for all of its time where it may not spin',
    async (name) => {
      const { busyUs, totalUs: all } = await spentAtWork(
        (await loadWorkload(name)) as Workload,
        false,
      );
      expect(busyUs).toBeGreaterThan(0.95 * all);
      expect(busyUs).toBeLessThan(1.05 * all);
    },
  );
});
