import type { Json } from '#shared/domain/measurement.ts';
import { CommandFailure } from './command.ts';
import type { Calls } from './world.ts';

/** The groups of settings that a command line sees, and the channels that read and write each as a whole. */
export interface AllSettings {
  engine: Record<string, Json>;
  storage: Record<string, Json>;
  alarms: Record<string, Json>;
}
export const GROUPS = ['engine', 'storage', 'alarms'] as const;
type Group = (typeof GROUPS)[number];

const asRecord = (value: unknown): Record<string, Json> => value as Record<string, Json>;

export async function readSettings(calls: Calls): Promise<AllSettings> {
  return {
    engine: asRecord(await calls.call('settings.get', {})),
    storage: asRecord((await calls.call('storage.get', {})).settings),
    alarms: asRecord(await calls.call('alarm-settings.get', {})),
  };
}

/** @throws QlfError `bad-request` where the values do not fit; nothing of the group has changed then */
export async function writeGroup(calls: Calls, group: Group, values: Record<string, Json>): Promise<void> {
  switch (group) {
    case 'engine':
      await calls.call('settings.set', { settings: values as never });
      break;
    case 'storage':
      await calls.call('storage.set', { settings: values as never });
      break;
    case 'alarms':
      await calls.call('alarm-settings.set', { settings: values as never });
  }
}

const isMapping = (value: Json | undefined): value is Record<string, Json> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function unknownKey(key: string, known: readonly string[]): CommandFailure {
  return new CommandFailure('not-found', `there is no setting ${JSON.stringify(key)}; there are: ${known.join(', ')}`);
}

/** Steps from the top to a setting; each must be there. */
function walk(all: AllSettings, key: string): { group: Group; path: string[]; value: Json } {
  const [first = '', ...path] = key.split('.');
  const group = GROUPS.find((one) => one === first);
  if (!group) throw unknownKey(key, [...GROUPS.map((one) => `${one}.…`), 'ql']);
  let value: Json = all[group];
  let before: string = group;
  for (const step of path) {
    if (!isMapping(value) || !Object.hasOwn(value, step))
      throw unknownKey(key, isMapping(value) ? Object.keys(value).map((one) => `${before}.${one}`) : [before]);
    value = value[step] as Json;
    before = `${before}.${step}`;
  }
  return { group, path, value };
}

export function settingAt(all: AllSettings, key: string): Json {
  return walk(all, key).value;
}

/** A value as it is typed: JSON, or else a plain word. */
export function readValue(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

/** The group that a key belongs to, with that key changed. */
export function withSetting(
  all: AllSettings,
  key: string,
  value: Json,
): { group: Group; values: Record<string, Json>; before: Json } {
  const { group, path, value: before } = walk(all, key);
  if (path.length === 0) throw new CommandFailure('usage', `${key} is a group; say which of its settings`);
  const values = structuredClone(all[group]);
  let place: Record<string, Json> = values;
  for (const step of path.slice(0, -1)) place = place[step] as Record<string, Json>;
  place[path.at(-1) ?? ''] = value;
  return { group, values, before };
}

/** `engine.parallel = 8`, a line a setting. */
export function settingLines(value: Json, key: string): string[] {
  // What runs as a pipeline is one thing, whose parts depend on its kind.
  if (!isMapping(value) || key === 'engine.pipeline' || key.split('.').length > 2)
    return [`${key} = ${JSON.stringify(value)}`];
  return Object.entries(value).flatMap(([name, part]) => settingLines(part, key === '' ? name : `${key}.${name}`));
}
