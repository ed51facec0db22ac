import { expect, it } from 'vitest';
import { committedModule, compileKernel, KERNELS, kernelModule } from './build-kernels.mjs';

it.each(KERNELS)('the committed WebAssembly of $path is what its source compiles to', async (kernel) => {
  const bytes = await compileKernel(kernel);
  expect(committedModule(kernel)).toBe(kernelModule(kernel, bytes));
  // Chromium compiles no more than this at once on a page's main thread.
  expect(bytes.length).toBeLessThan(4096);
});
