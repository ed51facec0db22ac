/** electron-builder.yml with what differs in a package on the registry's Electron, whose folder is in QLF_RUNTIME. */
const { readFileSync, rmSync } = require('node:fs');
const { join } = require('node:path');
const { parse } = require('yaml');

const product = parse(readFileSync(join(__dirname, '../electron-builder.yml'), 'utf8'));
const { QLF_RUNTIME: runtime = '' } = process.env;
const { grantFileProtocolExtraPrivileges: _unknownToThisElectron, ...fuses } = product.electronFuses;

module.exports = {
  ...product,
  electronDist: runtime,
  electronVersion: readFileSync(join(runtime, 'version'), 'utf8'),
  directories: { ...product.directories, output: 'release/test' },
  extraMetadata: { main: 'runtime/packaged-main.cjs', registryRuntimeMain: 'out/main/main.cjs' },
  files: [...product.files, { from: 'scripts/runtime', to: 'runtime', filter: ['packaged-main.cjs'] }],
  // Playwright starts the application with --inspect.
  electronFuses: { ...fuses, enableNodeCliInspectArguments: true },
  afterPack: ({ appOutDir }) => {
    for (const name of ['version', 'resources/default_app.asar']) rmSync(join(appOutDir, name), { force: true });
  },
};
