import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { compileRiceKernel, kernelModule } from './build-rice-kernel.mjs';

it('the committed WebAssembly is what its source compiles to', async () => {
  const bytes = await compileRiceKernel();
  const committed = readFileSync(new URL('../src-shared/fits/rice-kernel.ts', import.meta.url), 'utf8');
  expect(committed).toBe(kernelModule(bytes));
  // Chromium compiles no more than this at once on a page's main thread.
  expect(bytes.length).toBeLessThan(4096);
});
