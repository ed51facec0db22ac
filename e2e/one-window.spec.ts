import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { freePort, openQlf, type Qlf } from './fixtures/qlf.ts';

let folder: string;
let qlf: Qlf | undefined;

test.beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'qlf-one-window-'));
});
test.afterAll(async () => {
  await qlf?.close();
  rmSync(folder, { recursive: true, force: true });
});

test('opened twice, the second leaves the work to the first; a port that is taken is told on the screen', async () => {
  const port = await freePort();
  const other = createServer().listen(port, '127.0.0.1');
  await once(other, 'listening');
  try {
    qlf = await openQlf({ folder, ingestPort: port, args: ['--cadence', 'manual'] });
    await expect(
      qlf.page.locator('.notices').getByText(`port ${String(port)} is taken by another program`),
    ).toBeVisible();
    const { engine } = await qlf.ask('control-room.snapshot', {});
    expect(engine.ingestUrl).not.toContain(`:${String(port)}/`);
    expect((await fetch(engine.ingestUrl)).status).toBe(200);

    const [command = '', ...args] = await qlf.electron.evaluate(() => process.argv);
    const env = { ...process.env, XDG_CONFIG_HOME: join(folder, 'config'), XDG_DATA_HOME: join(folder, 'share') };
    // Playwright's own switches would make the second wait for somebody to drive it.
    const own = args.filter((argument) => !/^--(inspect|remote-debugging)/.test(argument));
    const second = spawn(command, own, { env, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    second.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await once(second, 'close');
    expect(second.exitCode, said).toBe(0);
    expect(said).toContain('QLF is open already');
    expect((await qlf.ask('control-room.snapshot', {})).engine.activity).toBe('idle');
    expect(qlf.problems).toEqual([]);
  } finally {
    other.close();
  }
});
