import type { TakenLine } from '#shared/domain/command-line.ts';
import { resolveConfiguration } from '#shared/domain/ql-configuration.ts';
import type { QlFlavor, ScienceProgram } from '#shared/domain/ql-flavor.ts';
import { originalConfiguration } from './original-configuration.ts';
import { parseSavedConfiguration, readYaml } from './ql-yaml.ts';

/**
 * A flavor of a saved configuration as `desi_quicklook` reads it, with what it cannot say or says otherwise.
 * @throws QlfError `invalid-configuration`
 */
export function giveOriginal(
  yaml: string,
  flavor: QlFlavor,
  program: ScienceProgram | undefined,
  timeoutSeconds: number,
): { text: string; lines: TakenLine[] } {
  const saved = parseSavedConfiguration(yaml);
  const block = resolveConfiguration(saved, flavor, program);
  const text = originalConfiguration(block, flavor, timeoutSeconds);
  const written = readYaml(text).value as Record<string, unknown>;
  const lines: TakenLine[] = [];
  const say = (key: string, outcome: TakenLine['outcome'], words: string): void =>
    void lines.push({ line: 0, key, outcome, words });
  say(flavor, 'taken', program === undefined ? 'as it is saved' : `with what ${program} has of its own`);
  if (block.Compatibility !== undefined) say('Compatibility', 'not taken', 'it is QLF’s own');
  for (const key of ['Period', 'Timeout'] as const)
    if (written[key] !== block[key])
      say(key, 'not taken', `${block[key]} is written as ${String(written[key])}: so silence means that it hangs`);
  for (const algorithm of Object.keys(block.Algorithms))
    if (!block.Pipeline.includes(algorithm))
      say(algorithm, 'not taken', 'it is not in Pipeline, and the original takes options wherever it finds them');
  if (flavor === 'science' && program === undefined)
    for (const own of Object.keys(saved.programs ?? {}))
      say(`programs.${own}`, 'not taken', `a qlconfig has one text for all programs: export it by --program ${own}`);
  return { text, lines };
}

/** Each flavor's own keys of a saved configuration. */
export function flavorsOf(yaml: string): Record<string, unknown>[] {
  const { science, arc, flat, bias, dark } = parseSavedConfiguration(yaml);
  return [science, arc, flat, bias, dark];
}
