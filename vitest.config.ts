import { defineConfig } from 'vitest/config';

/** Tests that start measuring processes, browsers or servers. The others are done within a minute: `npm run test:fast`. */
const SLOW = [
  'test/e2e/**',
  'test/examples/**',
  'test/harness/**',
  'test/peers/**',
  'test/policies/pool/**',
  'test/policies/uv/lifetime.test.ts',
  'test/conformance/{processes,uv-blocking,virtual,workers}.test.ts',
  'test/docs/programs.test.ts',
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
  testTimeout: 30_000,
  hookTimeout: 30_000,
  server: { deps: { external: [/\/dist\//] } },
};

export default defineConfig({
  test: {
    projects: [
      { test: { ...common, name: 'fast', include: ['test/**/*.test.ts'], exclude: SLOW } },
      {
        test: {
          ...common,
          name: 'slow',
          include: SLOW.map((path) => path.replace(/\/\*\*$/, '/**/*.test.ts')),
        },
      },
    ],
  },
});
