import { Document, isMap, isNode } from 'yaml';
import type { Exposure } from '#shared/domain/exposure.ts';
import { qlFlavorOf, scienceProgramOf } from '#shared/domain/ql-flavor.ts';
import { lay } from './default-configuration.ts';
import { followSize, type InstrumentSize } from './follow-size.ts';
import { LAYOUT, parseSavedConfiguration, readYaml } from './ql-yaml.ts';

/** The size of the emulated instrument that took an exposure; undefined for a real one. */
function sizeOf({ header }: Pick<Exposure, 'header'>): InstrumentSize | undefined {
  const size = header['SIMSIZE'];
  return size === 'compact' || size === 'full' ? size : undefined;
}

/**
 * What a run of an exposure keeps of a saved configuration, as text: the block of its flavor with what its program has of
 * its own laid over it, comments and all, under the flavor's name. The whole text where the exposure's flavor has no block.
 * @throws QlfError `invalid-configuration`
 */
export function freezeConfiguration(
  text: string,
  exposure: Pick<Exposure, 'flavor' | 'program' | 'header'>,
  resourcesDir: string,
): string {
  const flavor = qlFlavorOf(exposure.flavor, exposure.program);
  if (flavor === undefined) return text;
  parseSavedConfiguration(text);
  const { document } = readYaml(text);
  const size = sizeOf(exposure);
  if (size) followSize(document, size, resourcesDir);
  const program = flavor === 'science' ? scienceProgramOf(exposure.program) : undefined;
  const own = program === undefined ? undefined : document.getIn(['programs', program], true);
  if (isMap(own)) lay(own, document, [flavor]);
  const block = document.get(flavor, true);
  const frozen = new Document({});
  frozen.set(flavor, isNode(block) ? block.clone() : block);
  return frozen.toString(LAYOUT);
}
