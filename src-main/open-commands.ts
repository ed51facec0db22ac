import { link, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { QlfError } from '#shared/ipc/result.ts';
import { CommandFailure } from './commands/command.ts';
import type { Calls, CommandWorld } from './commands/world.ts';
import { reachEngine, type ControlLink } from './control/call-control.ts';
import { checkDatabase, copyDatabaseFile } from './db/backup.ts';
import { originOf, readDatabase } from './db/read-database.ts';
import { restoreDatabase } from './db/restore.ts';
import { openDoctor, type DoctorOptions } from './open-doctor.ts';
import { readOffline, writeOffline, type Offline } from './open-offline.ts';
import { folderOwner, lockFolder } from './orchestrator/folder-lock.ts';
import { dataFolder } from './orchestrator/folders.ts';
import { flavorsOf, giveOriginal } from './pipeline/give-original.ts';
import { parseSavedConfiguration } from './pipeline/ql-yaml.ts';
import { takeOriginal } from './pipeline/take-original.ts';
import { createAllowedPrograms } from './programs/allowed-programs.ts';
import { reportCsv } from './reports/report-csv.ts';
import { reportHtml } from './reports/report-html.ts';
import { allowedProgramsFile } from './standard-folders.ts';
import { backupFolderOf, backupName, listBackups } from './storage/backups.ts';
import { createNightFiles } from './storage/night-files.ts';
import { storageSettingsFrom } from './storage/storage-service.ts';

/** Bytes of a configuration that is read, at most. */
const LARGEST_TEXT = 1_000_000;

export interface CommandOptions extends DoctorOptions {
  resourcesDir: string;
  version: string;
  cwd: string;
  user: string;
  note: (text: string) => void;
}

/** The running engine of a data folder, asked once. @returns null where none runs */
function engineFinder(root: string): { find(): Promise<ControlLink | null>; close(): void } {
  let found: Promise<ControlLink | null> | undefined;
  let open: ControlLink | null = null;
  const reach = async (): Promise<ControlLink | null> => {
    const reached = await reachEngine(root);
    if (reached.kind === 'engine') return (open = reached.link);
    if (reached.kind === 'silent')
      throw new CommandFailure('engine-silent', `the engine cannot be asked: ${reached.words}`);
    return null;
  };
  return {
    find: () => (found ??= reach()),
    close: () => open?.close(),
  };
}

const greeted = (engine: ControlLink) => ({
  greeting: engine.greeting,
  call: ((channel, request) => engine.call(channel, request)) as Calls['call'],
});

/** What is wrong with a database; null where nothing is, or there is none. */
function damageOf(file: string): string | null {
  if (!existsSync(file)) return null;
  try {
    checkDatabase(file);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() ?? false;
}

/** All that commands reach, of one data folder. */
export function openCommands(options: CommandOptions): CommandWorld {
  const { root, source, version, cwd, user, now, note } = options;
  const { database } = dataFolder(root);
  const engine = engineFinder(root);
  const closing: (() => void)[] = [];
  let written: Offline | undefined;
  const writer = (): Offline => {
    if (written) return written;
    const owner = folderOwner(root);
    if (owner !== null)
      throw new CommandFailure(
        'engine-silent',
        `pid ${owner} works in ${root} and cannot be asked; look with: qlf doctor`,
      );
    written = writeOffline(options);
    closing.push(written.close);
    return written;
  };
  /** Copies, read from the database where it can be. */
  const backupFolder = (): string => {
    try {
      const store = readDatabase(database, now);
      try {
        return backupFolderOf(storageSettingsFrom(store.setting('storage')), root);
      } finally {
        store.close();
      }
    } catch {
      // A damaged database does not say where its copies are.
      return join(root, 'backups');
    }
  };
  return {
    ...{ version, root, source, cwd, user, now, note },
    async engine(what) {
      const running = await engine.find();
      if (running) return greeted(running);
      const owner = folderOwner(root);
      if (owner !== null)
        throw new CommandFailure(
          'engine-silent',
          `pid ${owner} works in ${root} and cannot be asked; look with: qlf doctor`,
        );
      throw new CommandFailure(
        'no-engine',
        `no engine runs in ${root}, and only a running one can ${what}. Start it: npm start, or without a window ` +
          'npm start -- --headless; of an installed QLF: qlf. Another folder is named by --data',
      );
    },
    async reader() {
      const running = await engine.find();
      if (running) return greeted(running);
      const offline = readOffline(options);
      closing.push(offline.close);
      if (offline.staleRuns > 0)
        note(`${offline.staleRuns} runs have changed since they were summed up; the next start of QLF does it`);
      return { ...offline, greeting: null };
    },
    async writer() {
      const running = await engine.find();
      return running ? greeted(running) : { ...writer(), greeting: null };
    },
    async backup(destination) {
      if (!existsSync(database)) throw new QlfError('not-found', `there is no ${database} yet`);
      if (dirname(destination) === backupFolder()) await mkdir(dirname(destination), { recursive: true });
      if (!(await isFolder(dirname(destination))))
        throw new QlfError('not-found', `there is no ${dirname(destination)}`);
      const { schema } = await copyDatabaseFile(database, destination).catch((error: unknown) => {
        const damage = damageOf(database);
        if (damage === null) throw error;
        throw new QlfError('conflict', `nothing was copied: ${damage}: qlf restore`, { cause: error });
      });
      return { bytes: (await stat(destination)).size, schema };
    },
    async backups() {
      const folder = backupFolder();
      return { folder, next: backupName(now()), files: await listBackups(folder) };
    },
    async restore(copy) {
      const unlock = lockFolder(root);
      try {
        const wasDamaged = damageOf(database);
        const facts = checkDatabase(copy);
        note(`${copy} is whole`);
        const origin = originOf(database) ?? facts.origin;
        const replaced = await restoreDatabase(database, copy, origin, now(), { damaged: wasDamaged !== null });
        checkDatabase(database);
        return { database, replaced, wasDamaged };
      } finally {
        unlock();
      }
    },
    async exportNight(night, products, into) {
      if (!(await isFolder(into))) throw new QlfError('not-found', `there is no folder ${into}`);
      const store = readDatabase(database, now);
      try {
        const nights = createNightFiles({
          ...{ store, root, now, taken: () => undefined },
          redux: (of, expid, runId) => dataFolder(root).redux(of, expid, runId),
        });
        const words = await nights.write(night, products, into, new AbortController().signal, () => undefined);
        return { folder: join(into, `qlf-night-${night}`), words };
      } finally {
        store.close();
      }
    },
    allowProgram: (pipeline) => createAllowedPrograms(allowedProgramsFile()).allow(pipeline),
    importNight: (folder) => writer().importNight(folder),
    render: (report, format) => (format === 'html' ? reportHtml(report) : reportCsv(report)),
    takeConfiguration: takeOriginal,
    asOriginal: giveOriginal,
    flavorsOf,
    configurationProblems(yaml) {
      try {
        parseSavedConfiguration(yaml);
        return [];
      } catch (error) {
        if (error instanceof QlfError) return error.message.replace(/^QL configuration refused: /, '').split('; ');
        throw error;
      }
    },
    doctor: () => openDoctor(options),
    async readText(file) {
      const about = await stat(file).catch(() => null);
      if (!about) throw new CommandFailure('not-found', `there is no ${file}`);
      if (!about.isFile()) throw new CommandFailure('usage', `${file} is no file`);
      if (about.size > LARGEST_TEXT) throw new CommandFailure('refused', `${file} is too large for a configuration`);
      return readFile(file, 'utf8');
    },
    writeText,
    async close() {
      for (const end of closing.splice(0)) end();
      engine.close();
    },
  };
}

/** Whole or not at all; over nothing unless it may. */
async function writeText(file: string, text: string, replace: boolean): Promise<void> {
  const partial = `${file}.partial`;
  try {
    const handle = await open(partial, 'w', 0o644);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (replace) await rename(partial, file);
    // A link does not replace what is there.
    else await link(partial, file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST')
      throw new CommandFailure('refused', `${file} is there already: choose another name, or say --replace`);
    throw new CommandFailure('failed', `${file} cannot be written (${message})`);
  } finally {
    await rm(partial, { force: true });
  }
}
