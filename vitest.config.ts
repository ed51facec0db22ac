import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src-*/**/*.test.ts', 'e2e/integration/**/*.test.ts', 'scripts/**/*.test.mjs'],
    testTimeout: 240_000,
    hookTimeout: 240_000,
    maxWorkers: 2,
    coverage: { provider: 'v8', include: ['src-*/**/*.ts', 'src-*/**/*.tsx'], exclude: ['**/*.test.ts'] },
  },
});
