import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import Type from 'typebox';
import { BackupFileSchema, CleaningPlanSchema, type CleaningPlan } from '#shared/domain/storage.ts';
import { CommandFailure, type Arguments, type Command, type Said } from './command.ts';
import { readPath, readWords } from './read-words.ts';
import { finishWork } from './work.ts';
import type { CommandWorld } from './world.ts';

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/** Where a copy goes: the file named, a new one in the folder named, else one in the folder for copies. */
async function destinationOf(named: string | undefined, world: CommandWorld): Promise<string> {
  const { folder, next } = await world.backups();
  if (named === undefined) return join(folder, next);
  const path = readPath(named, world.cwd);
  const about = await stat(path).catch(() => null);
  return about?.isDirectory() ? join(path, next) : path;
}

export const BACKUP: Command = {
  name: 'backup',
  usage: 'backup [FILE]',
  summary: 'copy the database while it is used; the copy is read through before it counts',
  details: 'FILE may be a folder; default: the folder for copies of the settings. An engine may run meanwhile.',
  positionals: [0, 1],
  options: [{ name: 'replace', value: null, words: 'the file may be there already' }],
  value: Type.Object({ file: Type.String(), bytes: Type.Number(), schema: Type.Integer() }),
  async run({ positionals: [named], flag }, world) {
    const file = await destinationOf(named, world);
    const there = await stat(file).then(
      () => true,
      () => false,
    );
    if (there && !flag('replace'))
      throw new CommandFailure('refused', `${file} is there already: choose another name, or say --replace`);
    const copied = await world.backup(file);
    return { value: { file, ...copied }, text: `${file}: ${megabytes(copied.bytes)}, read through and whole\n` };
  },
};

async function listed(world: CommandWorld): Promise<Said> {
  const { folder, files } = await world.backups();
  const lines = files.map(({ name, bytes, at }) => `${new Date(at).toISOString()}  ${megabytes(bytes)}  ${name}`);
  const text = lines.length === 0 ? `there is no copy in ${folder}\n` : `${folder}\n${lines.join('\n')}\n`;
  return { value: { folder, backups: files, database: null, copy: null, replaced: null, wasDamaged: null }, text };
}

async function copyOf({ positionals: [named], flag }: Arguments, world: CommandWorld): Promise<string> {
  if ((named === undefined) === !flag('newest'))
    throw new CommandFailure('usage', 'say which copy: FILE, or --newest; --list shows those in the folder for copies');
  if (named !== undefined) return readPath(named, world.cwd);
  const { folder, files } = await world.backups();
  const [newest] = files;
  if (!newest) throw new CommandFailure('not-found', `there is no copy in ${folder}`);
  return join(folder, newest.name);
}

export const RESTORE: Command = {
  name: 'restore',
  usage: 'restore FILE',
  summary: 'put a copy in the place of the database, also of a damaged one',
  details:
    'Refused while an engine runs (there: Settings, Storage). The copy is read through before and after; the former database, ' +
    'damaged or not, is put aside in replaced/ and never deleted.',
  positionals: [0, 1],
  options: [
    { name: 'newest', value: null, words: 'the newest of the folder for copies in the place of FILE' },
    { name: 'list', value: null, words: 'only say which copies lie in that folder' },
  ],
  value: Type.Object({
    folder: Nullable(Type.String()),
    backups: Type.Array(BackupFileSchema),
    database: Nullable(Type.String()),
    copy: Nullable(Type.String()),
    replaced: Nullable(Type.String()),
    wasDamaged: Nullable(Type.String()),
  }),
  async run(args, world) {
    if (args.flag('list')) return listed(world);
    const copy = await copyOf(args, world);
    if ((await stat(copy).catch(() => null)) === null)
      throw new CommandFailure('not-found', `there is no ${copy}; the copies there are: qlf restore --list`);
    const { database, replaced, wasDamaged } = await world.restore(copy);
    const former = replaced === null ? 'There was none before' : `The former one lies in ${replaced}`;
    const damage = wasDamaged === null ? '' : ` (it was damaged: ${wasDamaged})`;
    return {
      value: { folder: null, backups: [], database, copy, replaced, wasDamaged },
      text: `${database} is now ${copy}, read through and whole. ${former}${damage}.\n`,
    };
  },
};

function planWords({ files, exposures, bytes, kept, kinds }: CleaningPlan): string {
  const lines = [`${files} files of ${exposures} exposures would go, ${megabytes(bytes)}`];
  for (const kind of kinds) lines.push(`  ${kind.kind}: ${kind.files} files, ${megabytes(kind.bytes)}`);
  for (const stays of kept)
    lines.push(`  stays, ${stays.reason}: ${stays.files} files of ${stays.exposures} exposures`);
  return `${lines.join('\n')}\n`;
}

export const CLEAN: Command = {
  name: 'clean',
  usage: 'clean',
  summary: 'delete what the settings of the storage no longer keep',
  details: 'Needs a running engine: it knows what is in use and what can be fetched again. The measurements stay.',
  positionals: [0, 0],
  options: [
    { name: 'preview', value: null, words: 'only say what would go and what stays' },
    { name: 'by', value: 'NAME', words: 'who asks for it; default: the account' },
  ],
  value: Type.Object({ plan: Nullable(CleaningPlanSchema), words: Nullable(Type.String()) }),
  async run(args, world) {
    const by = readWords('--by', args.text('by') ?? world.user, 80);
    const engine = await world.engine('clean the disk');
    if (args.flag('preview')) {
      const plan = await engine.call('storage.preview', {});
      if (!plan) throw new CommandFailure('failed', 'the look at what would go was cancelled');
      return { value: { plan, words: null }, text: planWords(plan) };
    }
    await engine.call('storage.clean', { by });
    const words = await finishWork(engine, world);
    return { value: { plan: null, words }, text: `${words}\n` };
  },
};
