import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { freePort } from '../../../e2e/support/free-port.ts';
import { ADMIN } from '../../../e2e/support/loopback-postgres.ts';
import { folder, insert, PASSWORD, postgres, problems, reader, sql } from '../../../e2e/support/opsdb-rig.ts';
import { startRelay } from '../../../e2e/support/relay.ts';
import { failure, until } from '../../../e2e/support/wait.ts';
import { opsdbConfiguration } from './configuration.ts';

describe('the server', () => {
  it('may be killed in mid-work: questions say so, and it is regained, notices and all', async () => {
    await insert(1);
    const client = await reader();
    await client.getLastExposure();
    const asking = failure(
      (async () => {
        for (;;) await client.getLastExposure();
      })(),
    );
    await postgres.kill();
    const lost = await asking;
    expect(lost).toMatchObject({ code: 'unavailable' });
    expect(lost.message).toMatch(/^operations database: the last exposure: .*127\.0\.0\.1/);
    const still = await until(
      () => failure(client.getLastExposure()),
      (error) => /nobody answers/.test(error.message),
    );
    expect(still.message).toContain(`nobody answers at 127.0.0.1:${postgres.port}`);
    let hints = 0;
    client.onHint(() => (hints += 1));
    await postgres.start();
    await until(
      () => Promise.resolve(hints),
      (count) => count > 0,
    );
    expect(await client.getLastExposure()).toMatchObject({ expid: 1 });
    const before = hints;
    await insert(2);
    await until(
      () => Promise.resolve(hints),
      (count) => count > before,
    );
  });

  it('may fall silent: that is noticed, and it is regained', async () => {
    await insert(1);
    const relay = await startRelay(postgres.port);
    const client = await reader({ port: relay.port, statementTimeout: 0.2 }, { heartbeat: 50 });
    await client.getLastExposure();
    relay.freeze();
    const error = await failure(client.getLastExposure());
    expect(error.message).toMatch(/does not answer within|was lost/);
    relay.thaw();
    const again = await until(
      () => client.getLastExposure().catch(() => null),
      (last) => last !== null,
    );
    expect(again).toMatchObject({ expid: 1 });
    await client.stop();
    await relay.close();
  });

  it('stops a statement that hangs', async () => {
    await insert(1);
    const table = { query: 'SELECT e.*, pg_sleep(30) AS slept FROM exposure AS e' };
    const client = await reader({ statementTimeout: 0.3, mapping: { exposures: { from: table } } });
    const error = await failure(client.getLastExposure());
    expect(error.message).toMatch(/the last exposure: the server took longer than 0.3 s, so it was stopped/);
    expect(await failure(client.getLastExposure())).toMatchObject({ code: 'unavailable' });
    const { rows } = await sql(
      "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%pg_sleep%' AND state = 'active' AND pid <> pg_backend_pid()",
    );
    expect(rows).toEqual([]);
  });

  it('may be absent at the start', async () => {
    const client = await reader({ port: await freePort() });
    const error = await failure(client.getExposuresSince(null));
    expect(error.message).toMatch(/^operations database: new exposures: nobody answers at/);
  });
});

describe('what the role may do', () => {
  it('is to read: a configured query that writes is refused, by the transaction too', async () => {
    await sql(
      'CREATE FUNCTION sneak() RETURNS integer LANGUAGE sql AS $$ INSERT INTO etc_data VALUES (1, now()); SELECT 1 $$',
    );
    await insert(1);
    const from = { query: 'SELECT e.*, sneak() FROM exposure AS e' };
    const admin = { user: ADMIN.user, mapping: { exposures: { from } } };
    const client = await reader(admin, { secret: () => Promise.resolve(ADMIN.password) });
    expect((await failure(client.getLastExposure())).message).toMatch(/wants to write .*QLF only reads/);
    expect((await sql('SELECT * FROM etc_data')).rows).toEqual([]);
  });

  it('may be more than that: the person is told once what is too much, and how to mend it', async () => {
    const admin = await reader({ user: ADMIN.user }, { secret: () => Promise.resolve(ADMIN.password) });
    await admin.getLastExposure();
    expect(problems).toEqual([expect.stringMatching(/^the role \S+ is an administrator of the database.*only read/)]);
    problems.length = 0;
    await sql('GRANT INSERT ON etc_data TO qlf_reader; GRANT UPDATE (flavor) ON exposure TO qlf_reader');
    const client = await reader();
    await client.getLastExposure();
    await sql('REVOKE INSERT ON etc_data FROM qlf_reader; REVOKE UPDATE (flavor) ON exposure FROM qlf_reader');
    expect(problems).toEqual([
      'the role qlf_reader may change etc_data, exposure. QLF only reads; give it a role that may only read, as ' +
        'resources/opsdb.sql makes it.',
    ]);
    problems.length = 0;
    const right = await reader();
    await right.getLastExposure();
    expect(problems).toEqual([]);
  });

  it('without its grant the message says which', async () => {
    await sql('REVOKE SELECT ON telemetry FROM qlf_reader');
    const client = await reader();
    const error = await failure(client.getLastExposure());
    await sql('GRANT SELECT ON telemetry TO qlf_reader');
    expect(error.message).toMatch(/qlf_reader may not read it \(permission denied for table telemetry\)/);
    await until(
      () => client.getLastExposure().catch(() => undefined),
      (last) => last === null,
    );
  });
});

describe('the way in', () => {
  it('names a wrong password and never shows it', async () => {
    const client = await reader({}, { secret: () => Promise.resolve('wrong and secret') });
    const error = await failure(client.getLastExposure());
    expect(error.message).toMatch(/does not let qlf_reader in/);
    expect(error.message + JSON.stringify(error) + problems.join()).not.toContain('wrong and secret');
    expect(postgres.log()).not.toContain(PASSWORD);
  });

  it('says when a password is wanted and none is known', async () => {
    const client = await reader({}, { secret: () => Promise.resolve(null) });
    expect((await failure(client.getLastExposure())).message).toMatch(/asks for the password of qlf_reader/);
  });

  it('is encrypted, and only by the trusted authority’s certificate for this host', async () => {
    const client = await reader({ host: 'localhost' });
    expect((await failure(client.getLastExposure())).message).toMatch(
      /certificate of localhost:\d+ is for another host/,
    );
    const strangers = await reader({ tls: { mode: 'verify-full', ca: null } });
    expect((await failure(strangers.getLastExposure())).message).toMatch(/not signed by the authority that is trusted/);
    const trusting = await reader({ tls: { mode: 'require' } });
    expect(await trusting.getLastExposure()).toBeNull();
    const missing = await reader({ tls: { ca: join(folder, 'nowhere.pem') } });
    expect((await failure(missing.getLastExposure())).message).toMatch(/tls\.ca cannot be read/);
  });

  it('may have no database of that name', async () => {
    const client = await reader({ database: 'lost' });
    expect((await failure(client.getLastExposure())).message).toMatch(/has no database lost/);
  });
});

describe('the mapping', () => {
  it('says which column is wrong, and of which table', async () => {
    const client = await reader({ mapping: { exposures: { columns: { airmass: 'airmas', exptime: 'flavor' } } } });
    const error = await failure(client.getLastExposure());
    expect(error).toMatchObject({ code: 'invalid-configuration' });
    expect(error.message).toMatch(
      /airmass is mapped to column "airmas", which table exposure does not have \(it has expid,/,
    );
    expect(error.message).toMatch(/exptime is mapped to column "flavor" of table exposure, which is text/);
  });

  it('says which value does not fit', async () => {
    await insert(3, { raw_path: 'relative/path', raw_sha256: 'abc' });
    await insert(4, { data_host: 'elsewhere' });
    const client = await reader({ mapping: { exposures: { columns: { obstype: 'raw_path', night: 'flavor' } } } });
    expect((await failure(client.getLastExposure())).message).toMatch(
      /column "flavor" \(mapped to night\) of table exposure, exposure 4 is "science", which is no night/,
    );
    const right = await reader();
    expect((await failure(right.getFileLocation(3))).message).toMatch(/"raw_path" .* exposure 3 is "relative\/path"/);
    expect((await failure(right.getFileLocation(4))).message).toMatch(/data host "elsewhere".*dataHosts/);
  });

  it('may lead to other tables, in other words and other layouts', async () => {
    await sql(`
      DROP SCHEMA IF EXISTS "Obs; ""night""" CASCADE;
      CREATE SCHEMA "Obs; ""night""";
      CREATE TABLE "Obs; ""night"""."Log" ("ID" bigint, "Night" date, "Kind" text, "the path" text);
      CREATE TABLE "Obs; ""night""".tower ("at" timestamp, wind real);
      INSERT INTO "Obs; ""night"""."Log" VALUES (12, '2019-11-15', 'SCIENCE', '/data/x.fits.fz');
      INSERT INTO "Obs; ""night""".tower VALUES ('2019-11-16 03:00:10', 4.5), ('2019-11-16 03:00:20', NULL);
      GRANT USAGE ON SCHEMA "Obs; ""night""" TO qlf_reader;
      GRANT SELECT ON ALL TABLES IN SCHEMA "Obs; ""night""" TO qlf_reader`);
    const schema = 'Obs; "night"';
    const absent = Object.fromEntries(
      Object.keys(opsdbConfiguration({ host: 'x' }).mapping.exposures.columns).map((field) => [field, null]),
    );
    const client = await reader({
      channel: null,
      dataHosts: {},
      mapping: {
        exposures: {
          from: { schema, table: 'Log' },
          columns: { ...absent, expid: 'ID', night: 'Night', flavor: 'Kind', rawPath: 'the path' },
        },
        calibrations: null,
        etc: null,
        telemetry: {
          layout: 'wide',
          series: [
            { name: 'wind', unit: 'm/s', from: { schema, table: 'tower' }, columns: { time: 'at', value: 'wind' } },
          ],
        },
      },
    });
    expect(await client.getLastExposure({ night: '20191115' })).toMatchObject({
      expid: 12,
      night: '20191115',
      flavor: 'science',
    });
    expect(await client.getFileLocation(12)).toEqual({
      host: null,
      path: '/data/x.fits.fz',
      bytes: null,
      sha256: null,
    });
    expect(await client.getCalibrationFiles(12)).toEqual([]);
    const from = Date.parse('2019-11-16T03:00:00Z');
    expect(await client.telemetry({ from, to: from + 60_000 })).toEqual([
      {
        name: 'wind',
        unit: 'm/s',
        times: ['2019-11-16T03:00:10.000Z', '2019-11-16T03:00:20.000Z'],
        values: [4.5, null],
      },
    ]);
  });

  it('prefers the latest calibration that holds for the night', async () => {
    await insert(1);
    await sql(`INSERT INTO calibration (relative_path, path, valid_from, valid_until) VALUES
      ('spec/sp0/b0.yaml', '/a', 0, NULL), ('spec/sp0/b0.yaml', '/b', 20190101, NULL),
      ('spec/sp0/b0.yaml', '/c', 20200101, NULL), ('old.yaml', '/d', 20190101, 20191114)`);
    const client = await reader();
    const files = await client.getCalibrationFiles(1);
    expect(files.map(({ relativePath, location }) => [relativePath, location.path])).toEqual([
      ['spec/sp0/b0.yaml', '/b'],
    ]);
  });
});
