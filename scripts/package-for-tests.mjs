import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { inRoot } from './bootstrap.mjs';
import { FUSES, packedExecutable, setFuses } from './fuses.mjs';

/** The product's own configuration. */
export const productConfig = () => parse(readFileSync(inRoot('electron-builder.yml'), 'utf8'));

/**
 * The product's configuration with what differs in a package on the registry's Electron: it is called `-test` in every name, so
 * that nobody takes it for the product and both can be installed side by side.
 * @param runtime folder of that Electron
 */
export function configForTests(runtime) {
  const product = productConfig();
  return {
    ...product,
    productName: 'QLF-test',
    electronDist: runtime,
    electronVersion: readFileSync(join(runtime, 'version'), 'utf8'),
    directories: { ...product.directories, output: 'release/test' },
    artifactName: 'qlf-test-${version}-${os}-${arch}.${ext}',
    extraMetadata: {
      name: 'qlf-test',
      productName: 'QLF-test',
      desktopName: 'qlf-test.desktop',
      main: 'runtime/packaged-main.cjs',
      registryRuntimeMain: 'out/main/main.cjs',
    },
    files: [...product.files, { from: 'scripts/runtime', to: 'runtime', filter: ['packaged-main.cjs'] }],
    linux: { ...product.linux, executableName: 'qlf-test', synopsis: `${product.linux.synopsis} (for tests only)` },
    deb: {
      ...product.deb,
      fpm: product.deb.fpm.map((entry) => entry.replace(/\/qlf\b/g, '/qlf-test')),
      compression: 'gz',
    },
    async afterPack(context) {
      for (const name of ['version', 'resources/default_app.asar'])
        rmSync(join(context.appOutDir, name), { force: true });
      // Playwright starts the application with --inspect.
      await setFuses(packedExecutable(context), { ...FUSES, EnableNodeCliInspectArguments: true }, true);
    },
  };
}
