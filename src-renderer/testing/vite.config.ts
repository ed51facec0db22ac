import { fileURLToPath } from 'node:url';
import { mergeConfig } from 'vite';
import product from '../../vite.config.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The interface with a stand-in for the engine, to be looked at in a browser; never part of the product. */
export default mergeConfig(product, {
  base: '/',
  build: {
    outDir: here('../../out/renderer-testing'),
    target: 'es2022',
    rollupOptions: { input: here('./index.html') },
  },
});
