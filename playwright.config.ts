import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  outputDir: 'test-results/e2e',
  // One application at a time: the machine's cores belong to its 30 jobs.
  workers: 1,
  // No test is about speed: these only end what hangs.
  timeout: 300_000,
  globalTimeout: 2_700_000,
  expect: { timeout: 240_000 },
  forbidOnly: true,
  retries: 0,
});
