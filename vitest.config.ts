import { defineConfig } from 'vitest/config';

/**
 * The tests import the compiled package (`loopdyno`, or `#dist/src/…` for what is internal), and
 * plain Node loads it: what is tested is what people run, and not what a bundler makes of it.
 */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    testTimeout: 30_000,
    hookTimeout: 30_000,
    server: { deps: { external: [/\/dist\//] } },
  },
});
