import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Tests whose assertions depend on the clock. Each file runs alone, after all others. */
const CLOCK = [
  'test/e2e/clock.test.ts',
  'test/harness/fixture.test.ts',
  'test/policies/uv/load-generator.test.ts',
  'test/workload/open-loop.test.ts',
];

/** Tests that start measuring processes, browsers or servers. The others are done within a minute: `npm run test:fast`. */
const SLOW = [
  'test/e2e/**',
  'test/examples/**',
  'test/harness/**',
  'test/peers/**',
  'test/policies/nats/**',
  'test/policies/pool/**',
  'test/policies/uv/lifetime.test.ts',
  'test/conformance/{nats,processes,uv-blocking,virtual,workers}.test.ts',
  'test/docs/{programs,race,scale}.test.ts',
  'test/loop/processes.test.ts',
  'test/report/html.browser.test.ts',
  'test/studies/gate/{base-build,self-test,simulate}.test.ts',
  'test/workloads/workloads.test.ts',
];

/**
 * The tests import the compiled package (`loopdyno`, or `#dist/src/…` for what is internal), and
 * plain Node loads it: what is tested is what people run, and not what a bundler makes of it.
 */
const common = {
  pool: 'forks' as const,
  testTimeout: 60_000,
  hookTimeout: 60_000,
  server: { deps: { external: [/\/dist\//] } },
};

/**
 * Files at a time. A file has processes of its own, and waits for them: on two cores three files, on larger machines two
 * cores for each.
 */
const maxWorkers = Math.max(3, availableParallelism() >> 1);

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...common,
          name: 'fast',
          include: ['test/**/*.test.ts'],
          exclude: [...SLOW, ...CLOCK],
          maxWorkers,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...common,
          name: 'slow',
          include: SLOW.map((path) => path.replace(/\/\*\*$/, '/**/*.test.ts')),
          exclude: CLOCK,
          maxWorkers,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...common,
          name: 'clock',
          include: CLOCK,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
