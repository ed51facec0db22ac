import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { Value } from 'typebox/value';
import { FolderSettingsSchema, type FolderSettings } from '#shared/domain/settings.ts';

type Environment = Record<string, string | undefined>;

/** Where this operating system keeps an application's data and its settings. */
function homes(platform: NodeJS.Platform, env: Environment): { data: string; config: string } {
  const home = homedir();
  if (platform === 'darwin') {
    const support = join(home, 'Library', 'Application Support', 'qlf');
    return { data: support, config: support };
  }
  if (platform === 'win32') {
    const roaming = join(env['APPDATA'] ?? join(home, 'AppData', 'Roaming'), 'qlf');
    return { data: roaming, config: roaming };
  }
  return {
    data: join(env['XDG_DATA_HOME'] ?? join(home, '.local', 'share'), 'qlf'),
    config: join(env['XDG_CONFIG_HOME'] ?? join(home, '.config'), 'qlf'),
  };
}

/** The standard data folder; emulated and real nights never share one. */
export function standardDataFolder(emulated: boolean, env: Environment = process.env): string {
  return join(homes(process.platform, env).data, emulated ? 'test-night' : 'nights');
}

export function folderSettingsFile(env: Environment = process.env): string {
  return join(homes(process.platform, env).config, 'folders.json');
}

/** Keys of data hosts that somebody has accepted; they hold for all nights. */
export function knownHostsFile(env: Environment = process.env): string {
  return join(homes(process.platform, env).config, 'known_hosts');
}

/** Programs that a person of this computer has let QLF run. */
export function allowedProgramsFile(env: Environment = process.env): string {
  return join(homes(process.platform, env).config, 'programs.json');
}

/** The configuration of an operations database that was filled in on the screen. */
export function opsdbFile(env: Environment = process.env): string {
  return join(homes(process.platform, env).config, 'opsdb.json');
}

/**
 * Folders chosen in the settings; none chosen where the file is absent.
 * @throws Error naming the file when it is not what QLF wrote: a typing error must not show the wrong night
 */
export function readFolderSettings(file: string): FolderSettings {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { source: null, data: null };
    throw error;
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`${file} is not valid JSON; mend or remove it`, { cause: error });
  }
  if (!Value.Check(FolderSettingsSchema, value))
    throw new Error(`${file} must be {"source": FOLDER or null, "data": FOLDER or null}; mend or remove it`);
  return value;
}

/** Written whole or not at all. */
export function writeFolderSettings(file: string, folders: FolderSettings): void {
  mkdirSync(dirname(file), { recursive: true });
  const next = `${file}.new`;
  writeFileSync(next, `${JSON.stringify(folders, null, 2)}\n`);
  renameSync(next, file);
}

/** Which nights a start is about. */
export interface Place {
  root: string;
  /** As `Source`; null: the DOS test environment. */
  source: string | null;
}

/** The command line's wish, else the settings', else the standard place. */
export function placeOf(wish: { source: string | null; data: string | null }): Place {
  const folders = readFolderSettings(folderSettingsFile());
  const source = wish.source ?? folders.source;
  return { source, root: wish.data ?? folders.data ?? standardDataFolder(source === null) };
}
