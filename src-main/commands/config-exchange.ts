import { basename } from 'node:path';
import type { ExchangedConfiguration, TakenLine } from '#shared/domain/command-line.ts';
import type { Json } from '#shared/domain/measurement.ts';
import { QL_FLAVORS, SCIENCE_PROGRAMS } from '#shared/domain/ql-flavor.ts';
import { sourceOf } from '#shared/domain/source.ts';
import { readQlfCfg, writeQlfCfg, type QlfCfg } from '../domain/qlf-cfg.ts';
import { CommandFailure, type Arguments, type Said } from './command.ts';
import { readOneOf, readPath, readWords } from './read-words.ts';
import { readSettings, writeGroup } from './settings.ts';
import type { Calls, CommandWorld } from './world.ts';

const FORMATS = ['qlf.cfg', 'qlconfig'] as const;
type Format = (typeof FORMATS)[number];

/** What a file is, by what stands in its first line that says something. */
function formatOf(text: string, args: Arguments): Format {
  const named = args.text('format');
  if (named !== undefined) return readOneOf('--format', named, FORMATS);
  const first = text.split(/\r\n|\r|\n/).find((line) => !/^\s*([#;].*)?$/.test(line)) ?? '';
  return /^\s*\[[^\],]+\]\s*$/.test(first) ? 'qlf.cfg' : 'qlconfig';
}

function linesText(lines: readonly TakenLine[]): string {
  return lines
    .map(({ line, key, outcome, words }) => {
      const where = line === 0 ? '' : `line ${line}, `;
      return `${where}${key}: ${outcome === 'taken' ? 'taken' : outcome === 'kept' ? 'kept, not used' : 'NOT taken'} – ${words}\n`;
    })
    .join('');
}

function said(value: ExchangedConfiguration, end: string, well = true): Said {
  return { value, text: `${linesText(value.lines)}${end}\n`, outcome: well ? 'ok' : 'failed' };
}

const nothing = (lines: readonly TakenLine[]): boolean => lines.every(({ outcome }) => outcome !== 'taken');

/** Changes the QL configuration of every flavor; null where it is so already. */
async function changeFlavors(
  writer: Calls,
  flavors: QlfCfg['flavors'],
  saved: { author: string; reason: string },
): Promise<number | null> {
  const current = await writer.call('configuration.current', {});
  let text = current.yaml;
  for (const flavor of QL_FLAVORS)
    for (const [key, value] of Object.entries(flavors)) {
      const changed = { scope: flavor, text, path: [flavor, key], value };
      ({ text } = await writer.call('configuration.set-value', changed));
    }
  if (text === current.yaml) return null;
  return (await writer.call('configuration.save', { yaml: text, ...saved })).id;
}

async function importCfg(
  cfg: QlfCfg,
  writer: Calls,
  saved: { author: string; reason: string },
): Promise<number | null> {
  const all = await readSettings(writer);
  const engine = Object.entries(cfg.engine) as [string, Json][];
  const alarms = Object.entries(cfg.alarms) as [string, Json][];
  if (engine.length > 0) await writeGroup(writer, 'engine', { ...all.engine, ...Object.fromEntries(engine) });
  if (alarms.length > 0) await writeGroup(writer, 'alarms', { ...all.alarms, ...Object.fromEntries(alarms) });
  return Object.keys(cfg.flavors).length > 0 ? changeFlavors(writer, cfg.flavors, saved) : null;
}

/** What a file would bring, without changing anything. */
export async function checkFile(name: string, args: Arguments, world: CommandWorld): Promise<Said> {
  const file = readPath(name, world.cwd);
  const text = await world.readText(file);
  const format = formatOf(text, args);
  const about = { format, file, version: null };
  if (format === 'qlf.cfg') {
    const { lines } = readQlfCfg(text);
    return said({ ...about, lines }, 'nothing was changed', !nothing(lines));
  }
  const taken = world.takeConfiguration(text);
  const end =
    taken.text === null ? `${file} cannot be taken over` : `a whole configuration of ${taken.flavor ?? ''} exposures`;
  return said({ ...about, lines: taken.lines }, end, taken.text !== null);
}

/** Takes over what has a place in QLF; every line of the file is answered. */
export async function importConfiguration(args: Arguments, world: CommandWorld): Promise<Said> {
  const [, name] = args.positionals;
  if (name === undefined) throw new CommandFailure('usage', 'say which file: qlf config import qlconfig_science.yaml');
  const file = readPath(name, world.cwd);
  const text = await world.readText(file);
  const format = formatOf(text, args);
  const saved = {
    author: readWords('--by', args.text('by') ?? world.user, 200),
    reason: readWords('--reason', args.text('reason') ?? `taken over from ${basename(file)}`, 2000),
  };
  if (format === 'qlf.cfg') {
    const cfg = readQlfCfg(text);
    if (nothing(cfg.lines))
      return said({ format, file, version: null, lines: cfg.lines }, 'nothing was changed', false);
    const version = await importCfg(cfg, await world.writer(), saved);
    const end = version === null ? 'the settings are saved' : `the settings and QL configuration ${version} are saved`;
    return said({ format, file, version, lines: cfg.lines }, end);
  }
  const { flavor, text: own, lines } = world.takeConfiguration(text);
  if (own === null || flavor === null) {
    const refused = said({ format, file, version: null, lines }, '');
    throw new CommandFailure(
      'refused',
      `${file} is not taken over, and nothing was changed:\n${refused.text.trimEnd()}`,
    );
  }
  const writer = await world.writer();
  const { newest } = await writer.call('configuration.open', { scope: flavor, version: null });
  const order = { scope: flavor, text: own, basedOn: newest, ...saved };
  const { id } = await writer.call('configuration.save-scope', order);
  return said(
    { format, file, version: id, lines },
    `QL configuration ${id} is saved, for the next ${flavor} exposure on`,
  );
}

/** The folder of a source on this machine; undefined for another source. */
function folderOf(source: string | null): string | null | undefined {
  if (source === null) return null;
  const known = sourceOf(source);
  return known.kind === 'folder' ? known.path : undefined;
}

async function exported(
  format: Format,
  args: Arguments,
  world: CommandWorld,
): Promise<{ text: string; lines: TakenLine[] }> {
  const reader = await world.reader();
  if (format === 'qlf.cfg') {
    const engine = await reader.call('settings.get', {});
    const alarms = await reader.call('alarm-settings.get', {});
    const { yaml } = await reader.call('configuration.current', {});
    const sourceFolder = folderOf(world.source);
    return writeQlfCfg({ engine, alarms, flavors: world.flavorsOf(yaml), sourceFolder, root: world.root });
  }
  const flavor = readOneOf('--flavor', args.text('flavor') ?? 'science', QL_FLAVORS);
  const named = args.text('program');
  const program = named === undefined ? undefined : readOneOf('--program', named, SCIENCE_PROGRAMS);
  if (program !== undefined && flavor !== 'science') throw new CommandFailure('usage', '--program is one of science’s');
  const { yaml } = await reader.call('configuration.current', {});
  const { jobTimeout } = await reader.call('settings.get', {});
  return world.asOriginal(yaml, flavor, program, jobTimeout);
}

/** Writes the settings, or a flavor's configuration, as the original reads them. */
export async function exportConfiguration(args: Arguments, world: CommandWorld): Promise<Said> {
  const named = args.text('format');
  if (named === undefined) throw new CommandFailure('usage', `say which: --format ${FORMATS.join(' or ')}`);
  const format = readOneOf('--format', named, FORMATS);
  const { text, lines } = await exported(format, args, world);
  const left = lines.filter(({ outcome }) => outcome !== 'taken');
  for (const line of linesText(left).split('\n').filter(Boolean)) world.note(line);
  const output = args.text('output');
  if (output === undefined) return { value: { format, file: null, version: null, lines, text }, text };
  const file = readPath(output, world.cwd);
  await world.writeText(file, text, args.flag('replace'));
  return { value: { format, file, version: null, lines, text }, text: `${file}\n` };
}
