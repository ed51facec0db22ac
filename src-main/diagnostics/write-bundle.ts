import { createReadStream } from 'node:fs';
import { chmod, mkdir, open, readdir, rename, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { basename, join, normalize, sep } from 'node:path';
import { createInterface } from 'node:readline';
import { create } from 'tar';
import { withoutSecretValues } from '#shared/domain/redact.ts';
import type { BundleOrder, BundleProgress, DatabaseReport, InspectDatabase } from '../domain/ports/diagnostics.ts';
import { createCleaner, secretsOfSettings, shownSettings } from './cleaner.ts';
import { diskSpace } from '../domain/disk-space.ts';

/** bytes of the engine's logs, the newest, and of one job's log */
const LOG_BYTES = 40 * 1024 * 1024;
const JOB_BYTES = 256 * 1024;
/** Warnings and errors that stand together, the last. */
const ERRORS = 500;
const ENGINE_LOG = /^engine-(\d{8})(?:\.(\d{1,6}))?\.log$/;
const TROUBLE = /"level":"(?:warning|error)"/;

const README = `A diagnostics bundle of QLF.

about.json        versions, this computer, QLF's processes
settings.json     what is set (stored-settings.json: as the database has it); passwords, keys, tokens and names of hosts are left out
state.json        what the monitor showed; health.json, metrics.txt: what QLF said of itself
database.json     schema, rows and a check of each table; alarms.json: the newest alarms
disk.json         space, and what lies in the data folder
errors.txt        the last warnings and errors of the engine
logs/             the engine's logs, the newest first; jobs/: ends of the logs of jobs that failed

No measurement, image or spectrum is in here.
`;

type Clean = (text: string) => string;

/** Writes the end of a text file, line by line, cleaned; a line cut at the beginning is left out. */
async function copyEnd(from: string, to: string, bytes: number, clean: Clean, line?: (text: string) => void) {
  const { size } = await stat(from);
  const start = Math.max(0, size - bytes);
  const target = await open(to, 'w', 0o600);
  try {
    const lines = createInterface({ input: createReadStream(from, { start, encoding: 'utf8' }), crlfDelay: Infinity });
    let first = start > 0;
    let gathered = '';
    for await (const text of lines) {
      if (first) {
        first = false;
        continue;
      }
      const cleaned = clean(text);
      line?.(cleaned);
      gathered += `${cleaned}\n`;
      if (gathered.length < 1 << 16) continue;
      await target.write(gathered);
      gathered = '';
    }
    await target.write(gathered);
  } finally {
    await target.close();
  }
}

/** The engine's logs, newest first, as many as fit. */
async function newestLogs(folder: string): Promise<{ path: string; bytes: number }[]> {
  const names = (await readdir(folder).catch(() => []))
    .flatMap((name) => {
      const [, night, part = '1'] = ENGINE_LOG.exec(name) ?? [];
      return night === undefined ? [] : [{ path: join(folder, name), key: `${night}${part.padStart(6, '0')}` }];
    })
    .sort((a, b) => (a.key < b.key ? 1 : -1));
  const chosen: { path: string; bytes: number }[] = [];
  let left = LOG_BYTES;
  for (const { path } of names) {
    if (left <= 0) break;
    const { size } = await stat(path);
    chosen.push({ path, bytes: Math.min(size, left) });
    left -= size;
  }
  return chosen;
}

async function diskOf(root: string): Promise<unknown> {
  const disk = await statfs(root);
  const { totalBytes, freeBytes } = diskSpace(disk);
  const entries = await readdir(root, { withFileTypes: true });
  const sizes = await Promise.all(
    entries.map(async (entry) => {
      const about = await stat(join(root, entry.name)).catch(() => null);
      return { name: entry.name, folder: entry.isDirectory(), bytes: entry.isFile() ? (about?.size ?? null) : null };
    }),
  );
  return { totalBytes, freeBytes, files: disk.files, freeFiles: disk.ffree, folder: sizes };
}

/** A path from the database, where it stays inside the data folder. */
function inside(root: string, path: string): string | null {
  const whole = normalize(join(root, path));
  return whole.startsWith(root + sep) ? whole : null;
}

/** What the database says; where it cannot be opened, why. */
function inspected(inspect: InspectDatabase, file: string, progress: (share: number) => void): DatabaseReport {
  try {
    return inspect(file, progress);
  } catch (error) {
    return { about: { error: String(error) }, settings: {}, alarms: [], failedJobs: [] };
  }
}

/**
 * Makes the archive from its parts. What cannot be read is said in its place: a bundle is wanted most where something is wrong.
 * @throws Error where nothing can be written
 */
export async function writeBundle(
  order: BundleOrder,
  inspect: InspectDatabase,
  progress: BundleProgress,
): Promise<{ bytes: number }> {
  const { root, staging, target } = order;
  const name = basename(target).replace(/\.tar\.gz$/, '');
  const folder = join(staging, name);
  await mkdir(join(folder, 'logs'), { recursive: true });
  await mkdir(join(folder, 'jobs'));

  progress('database', 0);
  const report = inspected(inspect, join(root, 'qlf.db'), (share) => progress('database', share));
  const clean = createCleaner([...order.hidden, ...secretsOfSettings(report.settings['settings'])]);
  const put = (file: string, text: string): Promise<void> =>
    writeFile(join(folder, file), clean(text), { mode: 0o600 });
  const putJson = (file: string, value: unknown): Promise<void> =>
    put(file, `${JSON.stringify(withoutSecretValues(value), null, 2)}\n`);

  progress('settings', 0);
  await put('README.txt', README);
  for (const [file, text] of Object.entries(order.documents)) await put(file, text);
  await putJson('database.json', report.about);
  await putJson('stored-settings.json', { ...report.settings, settings: shownSettings(report.settings['settings']) });
  await putJson('alarms.json', report.alarms);
  await putJson('failed-jobs.json', report.failedJobs);
  await putJson('disk.json', await diskOf(root).catch((error: unknown) => ({ error: String(error) })));

  const errors: string[] = [];
  const logs = await newestLogs(join(root, 'logs'));
  const all = logs.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  // The oldest first, so that the last errors are the newest.
  for (const { path, bytes } of logs.reverse()) {
    progress('logs', all === 0 ? 1 : done / all);
    await copyEnd(path, join(folder, 'logs', basename(path)), bytes, clean, (text) => {
      if (!TROUBLE.test(text)) return;
      errors.push(text);
      if (errors.length > ERRORS) errors.shift();
    }).catch((error: unknown) => put(join('logs', `${basename(path)}.error`), String(error)));
    done += bytes;
  }
  await put('errors.txt', errors.map((line) => `${line}\n`).join(''));

  for (const [i, { runId, camera, logFile }] of report.failedJobs.entries()) {
    progress('jobs', i / report.failedJobs.length);
    const path = logFile === null ? null : inside(root, logFile);
    const copy = join(folder, 'jobs', `run-${String(runId)}-${camera}.log`);
    if (path !== null) await copyEnd(path, copy, JOB_BYTES, clean).catch(() => undefined);
  }

  progress('archive', 0);
  const partial = join(staging, 'bundle.partial');
  await create({ gzip: true, file: partial, cwd: staging, portable: true }, [name]);
  await chmod(partial, 0o600);
  const { size } = await stat(partial);
  await rename(partial, target);
  progress('archive', 1);
  await rm(staging, { recursive: true, force: true });
  return { bytes: size };
}
