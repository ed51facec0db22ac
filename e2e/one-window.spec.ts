import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { freePort, openQlf, type Qlf } from './fixtures/qlf.ts';
import { startAgain } from './fixtures/second-start.ts';

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

    const { code, said } = await startAgain(qlf, folder);
    expect(code, said).toBe(0);
    expect(said).toContain('QLF is open already');
    expect((await qlf.ask('control-room.snapshot', {})).engine.activity).toBe('idle');
    expect(qlf.problems).toEqual([]);
  } finally {
    other.close();
  }
});
