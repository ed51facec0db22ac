import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { QlConfiguration } from '#shared/domain/ql-configuration.ts';
import type { QlRunBlock } from '#shared/domain/ql-run-block.ts';

export const REFERENCE = join(import.meta.dirname, '../../e2e/data/desispec-reference');

/** A folder for the files of test jobs, below the system's own for such. */
export interface JobFolder {
  path: string;
  /** Writes a job's configuration and gives its path: a reference configuration with changes and a Run block. */
  configure(base: string, run: Partial<QlRunBlock>, change?: (configuration: QlConfiguration) => void): string;
  remove(): void;
}

export function makeJobFolder(): JobFolder {
  const path = mkdtempSync(join(tmpdir(), 'ql-pipeline-'));
  let count = 0;
  return {
    path,
    configure(base, run, change = () => undefined) {
      const configuration = parse(readFileSync(join(REFERENCE, 'configs', base), 'utf8')) as QlConfiguration;
      change(configuration);
      const file = join(path, `qlconfig-${++count}.yaml`);
      const Run = { ...runBlock(101, path), ...run };
      writeFileSync(file, stringify({ ...configuration, Run }, { aliasDuplicateObjects: false }));
      return file;
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** Camera r0 of a reference exposure. */
export function runBlock(expid: 101 | 102 | 103 | 110, outputDir: string): QlRunBlock {
  const folder = join(REFERENCE, `raw/20191115/00000${expid}`);
  const isScience = expid !== 103;
  return {
    RunId: 7,
    Expid: expid,
    Night: '20191115',
    Camera: 'r0',
    Flavor: isScience ? 'science' : 'bias',
    Program: expid === 102 ? 'bright' : 'dark',
    RawFile: join(folder, `desi-00000${expid}.fits.fz`),
    FiberMap: isScience ? join(folder, `fibermap-00000${expid}.fits`) : null,
    CalibRoot: join(REFERENCE, 'calib'),
    PSFFile: null,
    FiberFlatFile: null,
    FluxCalibFile: null,
    OutputDir: outputDir,
    Compatibility: 'none',
  };
}
