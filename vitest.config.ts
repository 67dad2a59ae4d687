import { defineConfig } from 'vitest/config';

/** Tests read the sources of every package, not its build. */
const resolve = { conditions: ['@parley/source'] };
const ssr = { resolve: { conditions: ['@parley/source'] } };

export default defineConfig({
  test: {
    projects: [
      {
        resolve,
        ssr,
        test: {
          name: 'unit',
          include: [
            'packages/*/src/**/*.test.ts',
            'examples/**/*.test.ts',
            'apps/*/src/**/*.test.{ts,tsx}',
            'scripts/**/*.test.ts',
          ],
          // Units are pure: one module graph serves all files, which is three times as fast.
          pool: 'threads',
          isolate: false,
          testTimeout: 20_000,
        },
      },
      {
        resolve,
        ssr,
        test: {
          name: 'integration',
          include: ['packages/*/test/**/*.test.ts'],
          testTimeout: 20_000,
          // Mostly they wait for each other's packets and for time to pass: three at a time take less than half as long, also on two processors.
          maxWorkers: 3,
        },
      },
      {
        resolve,
        ssr,
        test: {
          name: 'e2e',
          include: ['e2e/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // Two at a time take two processors for themselves: pictures stand still, and calls are repaired that are not broken.
          fileParallelism: false,
          maxWorkers: 1,
        },
      },
      {
        resolve,
        ssr,
        test: {
          name: 'screenshots',
          include: ['e2e/**/*.shots.ts'],
          testTimeout: 300_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
