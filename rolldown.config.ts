import { existsSync } from 'node:fs';
import { defineConfig, type RolldownOptions } from 'rolldown';

/** Every Node program of the product, and the file it is built into. */
const programs = {
  'out/main/main.cjs': 'src-main/main.ts',
  'out/main/preload.cjs': 'src-main/preload.ts',
  'out/main/utility-host.cjs': 'src-main/electron/utility-host.ts',
  'out/main/headless.cjs': 'src-main/headless.ts',
  'out/main/qlf.cjs': 'src-main/command-line.ts',
  'out/main/trend-worker.cjs': 'src-main/trend-worker.ts',
  'out/main/ingest-worker.cjs': 'src-main/ingest-worker.ts',
  'out/main/image-worker.cjs': 'src-main/image-worker.ts',
  'out/main/diagnostics-worker.cjs': 'src-main/diagnostics-worker.ts',
  'out/main/database-check-worker.cjs': 'src-main/database-check-worker.ts',
  'out/main/ql-pipeline.cjs': 'src-pipeline/cli.ts',
  'out/main/dos-test-environment.cjs': 'src-main/dos/test-environment/program.ts',
};

/**
 * One self-contained CommonJS file each: ESM-only libraries cannot be loaded by older Electron, and a program of one
 * file starts faster and can be found by one path. Only Electron and the native database module stay outside. The native parts
 * that ssh2 can do without are left out: they are built for one Node, if at all.
 */
const program = (file: string, input: string): RolldownOptions => ({
  input,
  platform: 'node',
  external: ['electron', 'better-sqlite3', 'cpu-features', /\.node$/],
  transform: { target: 'node18' },
  output: { file, format: 'cjs', codeSplitting: false },
});

export default defineConfig(
  Object.entries(programs)
    .filter(([, input]) => existsSync(input))
    .map(([file, input]) => program(file, input)),
);
