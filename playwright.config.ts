import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  outputDir: 'test-results/e2e',
  // One application at a time: the machine's cores belong to its 30 jobs.
  workers: 1,
  timeout: 120_000,
  globalTimeout: 600_000,
  expect: { timeout: 60_000 },
  forbidOnly: true,
  retries: 0,
});
