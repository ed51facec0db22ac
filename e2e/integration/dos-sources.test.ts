import { rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Connection } from '#shared/state/control-room.ts';
import type { RunningEngine } from '../../src-main/composition.ts';
import { folder, insert, PASSWORD, postgres } from '../support/opsdb-rig.ts';
import { until } from '../support/wait.ts';
import { rig, sshd } from './data-host-rig.ts';
import { endedRuns, jobOf } from './engine-rig.ts';

const dos = async (engine: RunningEngine): Promise<Connection> => {
  const { connections } = await engine.handlers['control-room.snapshot']({});
  const found = connections.find(({ name }) => name === 'dos');
  if (!found) throw new Error('there is no connection to the DOS');
  return found;
};

const becomes = (engine: RunningEngine, state: Connection['state'], words = ''): Promise<Connection> =>
  until(
    () => dos(engine),
    (connection) => connection.state === state && connection.error.includes(words),
  );

describe('the engine on an operations database', () => {
  it('runs while its configuration is absent, wrong, mended, and its server killed; and fetches what it tells of', async () => {
    const file = join(folder, 'opsdb.json');
    const password = join(folder, 'password');
    await writeFile(password, `${PASSWORD}\n`, { mode: 0o600 });
    process.env['QLF_OPSDB_PASSWORD_FILE'] = password;
    const { host, port, user, identityFile, knownHostsFile } = sshd;
    const configuration = {
      host: postgres.host,
      port: postgres.port,
      tls: { ca: postgres.caFile },
      dataHosts: { tower: { host, port, user, identityFile, knownHostsFile } },
    };
    const write = async (content: object): Promise<void> => {
      await writeFile(`${file}.new`, JSON.stringify(content));
      await rename(`${file}.new`, file);
    };
    rig.deliver(102);
    const raw = join(rig.source, '20191115/00000102/desi-00000102.fits.fz');
    await insert(102, {
      data_host: 'tower',
      raw_path: raw,
      raw_bytes: (await stat(raw)).size,
      cameras_expected: ['r0'],
    });

    const engine = await rig.open({ source: `opsdb:${file}` });
    const runs = endedRuns(engine);
    await engine.start();
    expect(await becomes(engine, 'lost', 'opsdb.json')).toMatchObject({ adapter: 'operations database' });
    await write({ ...configuration, mapping: { exposures: { columns: { seeing: 'seing' } } } });
    await becomes(engine, 'lost', 'seeing is mapped to column "seing", which table exposure does not have');
    await write(configuration);
    const { since } = await becomes(engine, 'ok');
    const run = await runs.of(102);
    expect(jobOf(run, 'r0').state).toBe('done');
    expect((await stat(join(rig.data, 'raw/20191115/00000102/desi-00000102.fits.fz'))).size).toBe(
      (await stat(raw)).size,
    );

    await postgres.kill();
    const lost = await becomes(engine, 'lost', '127.0.0.1');
    expect(lost.since).toBeGreaterThanOrEqual(since);
    await postgres.start();
    expect((await becomes(engine, 'ok')).error).toBe('');
  });
});

describe('the engine on an exposure folder over SSH', () => {
  it('registers, fetches and processes what is on the data host, also after the link was cut', async () => {
    rig.deliver(102);
    const keys = new URLSearchParams({ identity: sshd.identityFile, 'known-hosts': sshd.knownHostsFile });
    const engine = await rig.open({
      source: `ssh://${sshd.user}@${sshd.host}:${sshd.port}${rig.source}?${keys.toString()}`,
    });
    const runs = endedRuns(engine);
    await engine.start();
    const run = await runs.of(102);
    expect(jobOf(run, 'r0').state).toBe('done');
    expect(await dos(engine)).toMatchObject({ state: 'ok', adapter: 'exposure folder over SSH' });
    await sshd.kill();
    await becomes(engine, 'lost', '127.0.0.1');
    await sshd.start();
    await becomes(engine, 'ok');
    rig.deliver(110);
    expect(jobOf(await runs.of(110), 'r0').state).toBe('done');
  });
});
