import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { expid8 } from '#shared/domain/exposure.ts';
import {
  metricsOf,
  planOf,
  qlFlavorOf,
  type QlConfiguration,
  type QlFlavor,
  type SavedConfiguration,
} from '#shared/domain/ql-configuration.ts';
import type { QlRunBlock } from '#shared/domain/ql-run-block.ts';
import { QlfError } from '#shared/ipc/result.ts';
import type { CameraConfiguration, CameraConfigurator } from '../domain/ports/camera-configuration.ts';
import { metricsOfMergedFile, originalConfiguration } from './original-configuration.ts';
import { parseSavedConfiguration } from './ql-yaml.ts';

const toYaml = (value: object): string => stringify(value, { aliasDuplicateObjects: false, lineWidth: 0 });

/** A parsed configuration with the text of each flavor's block, made when first needed. */
interface Prepared {
  yaml: string;
  saved: SavedConfiguration;
  blocks: Map<QlFlavor, string>;
}

function prepare(yaml: string): Prepared {
  return { yaml, saved: parseSavedConfiguration(yaml), blocks: new Map() };
}

function flavorOf(run: QlRunBlock): QlFlavor {
  const flavor = qlFlavorOf(run.Flavor, run.Program);
  if (flavor) return flavor;
  throw new QlfError(
    'invalid-configuration',
    `exposure ${String(run.Expid)} has flavor '${run.Flavor}', for which there is no QL configuration; ` +
      'take it off the flavors that are processed',
  );
}

/** The block's own `Compatibility` wins over what the run was given. */
function jobText(prepared: Prepared, flavor: QlFlavor, block: QlConfiguration, run: QlRunBlock): string {
  const text = prepared.blocks.get(flavor) ?? toYaml(block);
  prepared.blocks.set(flavor, text);
  return text + toYaml({ Run: { ...run, Compatibility: block.Compatibility ?? run.Compatibility } });
}

/** Writes the text under the name that pipelines expect, complete or not at all. */
async function writeFor({ Camera, Expid }: QlRunBlock, directory: string, text: string): Promise<string> {
  const file = join(directory, `qlconfig-${Camera}-${expid8(Expid)}.yaml`);
  await mkdir(directory, { recursive: true });
  await writeFile(`${file}.part`, text);
  await rename(`${file}.part`, file);
  return file;
}

export interface CameraConfigurationWriter extends CameraConfigurator {
  /**
   * Writes the camera's file as `desi_quicklook` reads it; its `metrics` are those that the merged QA file will hold.
   * @param timeoutSeconds how long the job may last
   */
  writeOriginal(yaml: string, run: QlRunBlock, directory: string, timeoutSeconds: number): Promise<CameraConfiguration>;
}

/** Turns saved configurations into the cameras' own files; the newest text is parsed once for all its cameras. */
export function createCameraConfigurator(): CameraConfigurationWriter {
  let last: Prepared | undefined;
  const prepared = (yaml: string): Prepared => {
    if (last?.yaml !== yaml) last = prepare(yaml);
    return last;
  };
  return {
    check(yaml) {
      prepared(yaml);
    },
    async write(yaml, run, directory): Promise<CameraConfiguration> {
      const configuration = prepared(yaml);
      const flavor = flavorOf(run);
      const block = configuration.saved[flavor];
      const file = await writeFor(run, directory, jobText(configuration, flavor, block, run));
      return { file, plan: planOf(block), metrics: metricsOf(block) };
    },
    async writeOriginal(yaml, run, directory, timeoutSeconds) {
      const flavor = flavorOf(run);
      const block = prepared(yaml).saved[flavor];
      const file = await writeFor(run, directory, originalConfiguration(block, flavor, timeoutSeconds));
      return { file, plan: planOf(block), metrics: metricsOfMergedFile(block) };
    },
  };
}
