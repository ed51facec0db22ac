import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The interface: one page of static files in out/renderer, read by the app protocol under a strict content policy. */
export default defineConfig({
  root: here('src-renderer'),
  base: './',
  plugins: [react()],
  // Plotly's sources name the global object the Node way.
  define: { global: 'globalThis' },
  // Its registry names the style of a map library that no figure of ours draws with.
  resolve: { alias: { 'maplibre-gl/dist/maplibre-gl.css': here('src-renderer/charts/no-map.css') } },
  build: {
    outDir: here('out/renderer'),
    emptyOutDir: true,
    target: 'chrome114',
    cssTarget: 'chrome114',
    // The content policy of styles and scripts knows files only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 2500,
    reportCompressedSize: false,
  },
});
