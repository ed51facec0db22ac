import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { expid8 } from '#shared/domain/exposure.ts';
import { metricsOf, planOf, type QlConfiguration } from '#shared/domain/ql-configuration.ts';
import { qlFlavorOf, type QlFlavor } from '#shared/domain/ql-flavor.ts';
import type { QlRunBlock } from '#shared/domain/ql-run-block.ts';
import { QlfError } from '#shared/ipc/result.ts';
import type { CameraConfiguration, CameraConfigurator } from '../domain/ports/camera-configuration.ts';
import { metricsOfMergedFile, originalConfiguration } from './original-configuration.ts';
import { freezeConfiguration } from './freeze-configuration.ts';
import { parseFrozenConfiguration, parseSavedConfiguration } from './ql-yaml.ts';

const toYaml = (value: object): string => stringify(value, { aliasDuplicateObjects: false, lineWidth: 0 });

/** A run's parsed configuration with the text of each flavor's block, made when first needed. */
interface Prepared {
  yaml: string;
  frozen: Partial<Record<QlFlavor, QlConfiguration>>;
  texts: Map<QlFlavor, string>;
}

function prepare(yaml: string): Prepared {
  return { yaml, frozen: parseFrozenConfiguration(yaml), texts: new Map() };
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

function blockOf({ frozen }: Prepared, flavor: QlFlavor, run: QlRunBlock): QlConfiguration {
  const block = frozen[flavor];
  if (block) return block;
  throw new QlfError(
    'invalid-configuration',
    `run ${String(run.RunId)} of exposure ${String(run.Expid)} keeps no configuration of ${flavor} exposures: process it again`,
  );
}

/** The block's own `Compatibility` wins over what the run was given. */
function jobText(prepared: Prepared, flavor: QlFlavor, block: QlConfiguration, run: QlRunBlock): string {
  const text = prepared.texts.get(flavor) ?? toYaml(block);
  prepared.texts.set(flavor, text);
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

/**
 * Turns frozen configurations into the cameras' own files; the newest text is parsed once for all its cameras.
 * @param resourcesDir the folder that holds the references of the emulated instrument
 */
export function createCameraConfigurator(resourcesDir: string): CameraConfigurationWriter {
  let last: Prepared | undefined;
  /** One configuration serves many exposures of a few kinds. */
  let frozen = { yaml: '', texts: new Map<string, string>() };
  const prepared = (yaml: string): Prepared => {
    if (last?.yaml !== yaml) last = prepare(yaml);
    return last;
  };
  return {
    check(yaml) {
      parseSavedConfiguration(yaml);
    },
    freeze(yaml, { flavor, program, header }) {
      const exposure = { flavor, program, header: { SIMSIZE: header['SIMSIZE'] ?? null } };
      const kind = JSON.stringify(exposure);
      if (frozen.yaml !== yaml) frozen = { yaml, texts: new Map() };
      const text = frozen.texts.get(kind) ?? freezeConfiguration(yaml, exposure, resourcesDir);
      frozen.texts.set(kind, text);
      return text;
    },
    async write(yaml, run, directory): Promise<CameraConfiguration> {
      const configuration = prepared(yaml);
      const flavor = flavorOf(run);
      const block = blockOf(configuration, flavor, run);
      const file = await writeFor(run, directory, jobText(configuration, flavor, block, run));
      return { file, plan: planOf(block), metrics: metricsOf(block) };
    },
    async writeOriginal(yaml, run, directory, timeoutSeconds) {
      const flavor = flavorOf(run);
      const block = blockOf(prepared(yaml), flavor, run);
      const file = await writeFor(run, directory, originalConfiguration(block, flavor, timeoutSeconds));
      return { file, plan: planOf(block), metrics: metricsOfMergedFile(block) };
    },
  };
}
