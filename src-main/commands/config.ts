import Type from 'typebox';
import { Value } from 'typebox/value';
import { PipelineSettingSchema } from '#shared/domain/settings.ts';
import { CommandFailure, type Arguments, type Command, type Said } from './command.ts';
import { checkFile, exportConfiguration, importConfiguration } from './config-exchange.ts';
import { readSettings, readValue, settingAt, settingLines, withSetting, writeGroup } from './settings.ts';
import type { CommandWorld } from './world.ts';

async function get({ positionals: [, key] }: Arguments, world: CommandWorld): Promise<Said> {
  const reader = await world.reader();
  if (key === 'ql') {
    const { yaml } = await reader.call('configuration.current', {});
    return { value: yaml, text: yaml };
  }
  const all = await readSettings(reader);
  if (key === undefined) return { value: all, text: `${settingLines({ ...all }, '').join('\n')}\n` };
  const value = settingAt(all, key);
  const lines = typeof value === 'object' && value !== null && !Array.isArray(value) ? settingLines(value, key) : null;
  return { value, text: lines ? `${lines.join('\n')}\n` : `${JSON.stringify(value)}\n` };
}

async function set({ positionals: [, key, text] }: Arguments, world: CommandWorld): Promise<Said> {
  if (key === undefined || text === undefined)
    throw new CommandFailure('usage', 'say which setting and which value: qlf config set engine.parallel 8');
  if (key === 'ql') throw new CommandFailure('usage', 'the QL configuration is changed by: qlf config import FILE');
  const writer = await world.writer();
  const { group, values, before } = withSetting(await readSettings(writer), key, readValue(text));
  const pipeline = values['pipeline'];
  if (group === 'engine' && Value.Check(PipelineSettingSchema, pipeline) && pipeline.kind !== 'built-in')
    world.allowProgram(pipeline);
  await writeGroup(writer, group, values);
  const after = settingAt(await readSettings(writer), key);
  return { value: { key, before, after }, text: `${key}: ${JSON.stringify(before)} → ${JSON.stringify(after)}\n` };
}

async function check(args: Arguments, world: CommandWorld): Promise<Said> {
  const [, file] = args.positionals;
  if (file !== undefined) return checkFile(file, args, world);
  const reader = await world.reader();
  // What is stored and fits no more would have given way to the standard: the engine says nothing of it.
  await readSettings(reader);
  const { id, yaml } = await reader.call('configuration.current', {});
  const problems = world.configurationProblems(yaml);
  const text = problems.length === 0 ? `QL configuration ${id} is well` : problems.join('\n');
  return { value: { version: id, problems }, text: `${text}\n`, outcome: problems.length === 0 ? 'ok' : 'failed' };
}

const ACTIONS: Readonly<Record<string, (args: Arguments, world: CommandWorld) => Promise<Said>>> = {
  ...{ get, set, check },
  import: importConfiguration,
  export: exportConfiguration,
};

export const CONFIG: Command = {
  name: 'config',
  usage: 'config get [KEY] | set KEY VALUE | check [FILE] | import FILE | export',
  summary: 'settings and QL configuration: read, change, check, take over from the original and back',
  details:
    'KEY is engine.…, storage.… or alarms.…, and ql for the QL configuration; without KEY all settings. VALUE is JSON, or a plain ' +
    'word. FILE is the original’s qlf.cfg or one of desispec’s qlconfig_*.yaml: each of its lines is answered, taken over or not; ' +
    '"check FILE" says the same and changes nothing. With a running engine changes hold at once, as in Settings.',
  positionals: [1, 3],
  options: [
    { name: 'format', value: 'qlf.cfg|qlconfig', words: 'of the file; import and check see it by themselves' },
    {
      name: 'flavor',
      value: 'FLAVOR',
      words: 'export of a qlconfig: science, arc, flat, bias or dark; default science',
    },
    { name: 'program', value: 'PROGRAM', words: 'export of science: with what dark, gray or bright has of its own' },
    { name: 'output', value: 'FILE', words: 'export: a new file in the place of standard output' },
    { name: 'replace', value: null, words: 'the file may be there already' },
    { name: 'by', value: 'NAME', words: 'import: who saves; default: the account' },
    { name: 'reason', value: 'WORDS', words: 'import: why; default: from which file' },
  ],
  value: Type.Unknown(),
  async run(args, world) {
    const [action = ''] = args.positionals;
    const known = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
    if (!known)
      throw new CommandFailure(
        'usage',
        `config does ${Object.keys(ACTIONS).join(', ')}, not ${JSON.stringify(action)}`,
      );
    const most = action === 'set' ? 3 : action === 'export' ? 1 : 2;
    if (args.positionals.length > most)
      throw new CommandFailure('usage', `config ${action}: that is one word too many`);
    return known(args, world);
  },
};
