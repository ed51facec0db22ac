import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { passwordFromFiles } from './password-file.ts';

const TO = { host: 'db.example', port: 5432, database: 'desi', user: 'qlf_reader' };

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'qlf-password-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function file(name: string, text: string, mode = 0o600): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text, { mode });
  return path;
}

it('prefers the named file, then the service manager’s, then PostgreSQL’s own, and follows changes', async () => {
  const env: Record<string, string> = { HOME: folder };
  const ask = (): Promise<string | null> => passwordFromFiles(env, TO)();
  expect(await ask()).toBeNull();
  await file('.pgpass', '# none\nother:*:*:*:no\n*:5432:desi:qlf_reader:with\\: colon\\\\\n');
  expect(await ask()).toBe('with: colon\\');
  env['PGPASSFILE'] = await file('pgpass', 'db.example:*:*:*:other\n');
  expect(await ask()).toBe('other');
  env['CREDENTIALS_DIRECTORY'] = join(folder, 'credentials');
  await mkdir(env['CREDENTIALS_DIRECTORY']);
  await file('credentials/opsdb-password', 'handed in\n', 0o440);
  expect(await ask()).toBe('handed in');
  env['QLF_OPSDB_PASSWORD_FILE'] = await file('named', 'first\nsecond');
  expect(await ask()).toBe('first');
  await file('named', 'changed');
  expect(await ask()).toBe('changed');
});

it('refuses a file that others may read, and one that is named and not there', async () => {
  const open = { QLF_OPSDB_PASSWORD_FILE: await file('open', 'x', 0o644) };
  await expect(passwordFromFiles(open, TO)()).rejects.toThrow(/open can be read by others.*chmod 600/);
  const absent = { QLF_OPSDB_PASSWORD_FILE: join(folder, 'absent') };
  await expect(passwordFromFiles(absent, TO)()).rejects.toThrow(/absent is not there/);
});
