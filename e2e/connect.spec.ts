import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { serious } from './fixtures/axe.ts';
import { guide } from './fixtures/guide.ts';
import { freePort, openQlf, query, type Qlf } from './fixtures/qlf.ts';
import { startLoopbackPostgres, type LoopbackPostgres } from './support/loopback-postgres.ts';
import { startLoopbackSshd, type LoopbackSshd } from './support/loopback-sshd.ts';
import { arrive } from './support/reference-exposures.ts';
import { filesWith, processesWith } from './support/secret-hunt.ts';

test.describe.configure({ mode: 'serial' });

const PASSPHRASE = 'a passphrase that nobody guesses';
const PASSWORD = 'qlf reader\u2019s own password';

let folder: string;
let sshd: LoopbackSshd;
let postgres: LoopbackPostgres;
let qlf: Qlf;
let key: string;
let raw: string;

/** Somebody who has never started QLF, a data host with a locked key, and an operations database. */
test.beforeAll(async () => {
  test.setTimeout(240_000);
  folder = mkdtempSync(join(tmpdir(), 'qlf-connect-'));
  [sshd, postgres] = await Promise.all([startLoopbackSshd(), startLoopbackPostgres()]);
  key = join(folder, 'key');
  copyFileSync(sshd.identityFile, key);
  execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', PASSPHRASE, '-f', key]);
  raw = join(folder, 'raw');
  // A bias: it is registered, and nothing has to be processed.
  await arrive(raw, '00000103');
  await postgres.admin('postgres', (client) => client.query('CREATE DATABASE desi'));
  await postgres.admin('desi', async (client) => {
    await client.query(readFileSync(resolve('resources/opsdb.sql'), 'utf8'));
    await client.query(`ALTER ROLE qlf_reader PASSWORD '${PASSWORD}'`);
    await client.query(
      `INSERT INTO exposure (expid, night, flavor, raw_path, complete) VALUES (7, 20191115, 'bias', '${raw}/7', true)`,
    );
  });
  const env = { SSH_AUTH_SOCK: '', HOME: folder };
  qlf = await openQlf({ folder, ingestPort: await freePort(), ownData: false, args: ['--cadence', 'manual'], env });
});
test.afterAll(async () => {
  await qlf.close();
  await Promise.all([sshd.stop(), postgres.stop()]);
  rmSync(folder, { recursive: true, force: true });
});
test.afterEach(() => {
  expect(qlf.problems, 'errors on the console of the page').toEqual([]);
});

const fill = async (label: string, text: string): Promise<void> => {
  const field = qlf.page.getByRole('textbox', { name: label, exact: true });
  await field.fill(text);
  await field.press('Enter');
};
const trial = (title: string): Locator =>
  qlf.page
    .getByRole('region', { name: 'Tests of the connection' })
    .getByRole('listitem')
    .filter({
      has: qlf.page.getByText(title, { exact: true }),
    });
const summary = (): Locator => qlf.page.getByRole('region', { name: 'Tests of the connection' }).getByRole('status');
const contact = async (page: Page): Promise<Locator> => {
  const panel = page.getByRole('dialog', { name: 'DOS' });
  const button = page.getByRole('list', { name: 'Connections' }).getByRole('button', { name: /DOS/ });
  if (!(await panel.isVisible())) await button.click();
  return panel;
};
const nights = (): string => join(folder, 'share/qlf/nights');

test('the first start walks to a data host: its key is compared, its passphrase given, every part tried', async () => {
  const { page } = qlf;
  await expect(page.getByRole('heading', { level: 1, name: 'Welcome to QLF' })).toBeVisible();
  expect(await serious(page)).toEqual([]);
  await guide(page, 'connect');
  await page.getByRole('radio', { name: /^Test environment/ }).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('radio', { name: /^A folder on a data host/ })).toBeChecked();
  await page.getByRole('button', { name: 'Next' }).click();
  await expect(page.getByRole('button', { name: 'Next' })).toBeDisabled();
  await fill('Host', sshd.host);
  await fill('Port', String(sshd.port));
  await fill('User', sshd.user);
  await fill('Raw folder there', raw);
  await fill('Private key', key);
  expect(await serious(page)).toEqual([]);
  await page.getByRole('button', { name: 'Next' }).click();
  await expect(trial('Data host')).toContainText('OpenSSH');
  await expect(trial('Host key')).toContainText(sshd.fingerprint);
  await expect(trial('Log in')).toContainText('Not tried: first \u201cHost key\u201d must work');
  await expect(trial('Pipeline')).toContainText('starts');
  await trial('Host key').getByRole('button', { name: 'Compare the key' }).click();
  const dialog = page.getByRole('dialog', { name: 'Is this the right host?' });
  await expect(dialog.getByLabel(`Fingerprint ${sshd.fingerprint}`)).toBeVisible();
  await expect(dialog).toContainText(`${sshd.host}, port ${sshd.port}`);
  await expect(dialog).toContainText('ssh-ed25519');
  await expect(dialog.getByRole('button', { name: 'It is the same: accept' })).toBeDisabled();
  await dialog.getByRole('textbox').fill('A. Observer');
  await dialog.getByRole('textbox').press('Enter');
  expect(await serious(page)).toEqual([]);
  await guide(page, 'connect-host-key');
  await dialog.getByRole('button', { name: 'It is the same: accept' }).click();
  await expect(trial('Host key')).toContainText('is on record');
  await expect(trial('Log in')).toContainText('locked by a passphrase');
  await page.getByRole('button', { name: 'Back' }).click();
  await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
  await page.getByRole('button', { name: 'Keep: Passphrase' }).click();
  await expect(page.getByRole('button', { name: 'Forget: Passphrase' })).toBeVisible();
  await page.getByRole('button', { name: 'Next' }).click();
  await expect(trial('Log in')).toContainText('is let in');
  await expect(trial('Transfer')).toContainText('rsync answers');
  await expect(trial('Raw folder')).toContainText('1 night, newest 20191115 with 1 exposure');
  await expect(trial('Last exposure')).toContainText('00000103');
  await expect(summary()).toContainText(/It works|Everything works/);
  expect(await serious(page)).toEqual([]);
  await guide(page, 'connect-tests');
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(page.getByRole('region', { name: 'Log' })).toBeVisible();
  const known = (): unknown[] => query(join(nights(), 'qlf.db'), 'SELECT expid, state FROM exposure');
  await expect.poll(known).toEqual([{ expid: 103, state: 'registered' }]);
  await expect(await contact(page)).toContainText('exposure folder over SSH');
  await expect(await contact(page)).toContainText('In contact');
});

test('an exposure with a lower number that comes late is registered', async () => {
  await arrive(raw, '00000101');
  await qlf.ask('engine.set-mode', { mode: 'manual' });
  const known = (): unknown[] => query(join(nights(), 'qlf.db'), 'SELECT expid FROM exposure ORDER BY expid');
  await expect.poll(known).toEqual([{ expid: 101 }, { expid: 103 }]);
});

test('a host that is lost is found again; one whose key has changed is refused, and no click accepts it', async () => {
  const { page } = qlf;
  await sshd.kill();
  await expect(await contact(page)).toContainText('Lost');
  await expect(await contact(page)).toContainText('127.0.0.1');
  await sshd.start();
  await expect(await contact(page)).toContainText('In contact');
  await expect(await contact(page)).toContainText('Last loss');
  await guide(page, 'connect-contact');
  await page.keyboard.press('Escape');
  await sshd.kill();
  sshd.renewHostKey();
  await sshd.start();
  await expect(page.getByRole('alert').filter({ hasText: 'another key than the one on record' })).toBeVisible();
  await page.getByRole('button', { name: 'What to do' }).click();
  const dialog = page.getByRole('dialog', { name: 'The key of this host has changed' });
  await expect(dialog.getByRole('button', { name: /accept/ })).toHaveCount(0);
  expect(await serious(page)).toEqual([]);
  await guide(page, 'connect-changed-key');
  const { questions } = await qlf.ask('control-room.snapshot', {});
  const [question] = questions.hostKeys;
  const { host, port, fingerprint } = question!;
  const forced = await qlf.call('host-key.accept', { host, port, fingerprint, by: 'somebody' });
  expect(forced).toMatchObject({ ok: false, error: { code: 'conflict' } });
  await dialog.getByRole('button', { name: 'Close' }).click();
  const journal = query<{ kind: string; text: string }>(join(nights(), 'qlf.db'), 'SELECT kind, text FROM event');
  expect(journal.filter(({ kind }) => kind.startsWith('host-key'))).toEqual([]);
});

test('the settings change over to the operations database, tried part by part; it is lost and found again', async () => {
  const { page } = qlf;
  await (await contact(page)).getByRole('button', { name: 'Change or test the connection' }).click();
  await page.getByRole('group', { name: 'Exposures from' }).getByText('Operations database').click();
  await fill('Database host', postgres.host);
  await page.getByRole('spinbutton', { name: 'Port' }).fill(String(postgres.port));
  await page.keyboard.press('Enter');
  await fill('Authority', postgres.caFile);
  await page.getByRole('button', { name: 'Test everything' }).click();
  await expect(trial('Encryption')).toContainText('has proved its name');
  await expect(trial('Sign in')).toContainText('Give the password above');
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByLabel('Password', { exact: true }).press('Enter');
  await expect(page.getByRole('button', { name: 'Forget: Password' })).toBeVisible();
  await page.getByRole('button', { name: 'Test everything' }).click();
  await expect(trial('Sign in')).toContainText('PostgreSQL');
  await expect(trial('Read-only role')).toContainText('qlf_reader may only read');
  await expect(trial('Tables and columns')).toContainText('mapped columns are there');
  await expect(trial('Last exposure')).toContainText('00000007');
  await expect(summary()).toContainText(/It works|Everything works/);
  expect(await serious(page)).toEqual([]);
  await guide(page, 'settings-connection');
  await page.getByRole('button', { name: 'Change over now' }).click();
  await expect(page.getByRole('region', { name: 'Log' })).toBeVisible();
  await expect(await contact(page)).toContainText('operations database');
  await expect(await contact(page)).toContainText('In contact');
  await postgres.kill();
  await expect(await contact(page)).toContainText('Lost');
  await postgres.start();
  await expect(await contact(page)).toContainText('In contact');
});

test('no secret is in any file, command line, environment or answer', async () => {
  const secrets = [PASSPHRASE, PASSWORD];
  expect(processesWith(qlf.pid, secrets)).toEqual([]);
  expect(filesWith([folder], secrets)).toEqual([]);
  const answers = await Promise.all([
    qlf.ask('control-room.snapshot', {}),
    qlf.ask('settings.get', {}),
    qlf.ask('folders.get', {}),
    qlf.ask('opsdb.open', { file: null }),
    qlf.ask('secret.state', { names: [`ssh-key ${key}`] }),
  ]);
  expect(answers[4].known).toEqual([`ssh-key ${key}`]);
  for (const secret of secrets) expect(JSON.stringify(answers)).not.toContain(secret);
});
