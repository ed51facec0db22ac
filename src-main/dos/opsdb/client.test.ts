import { execFile } from 'node:child_process';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ADMIN } from '../../../e2e/support/loopback-postgres.ts';
import { folder, insert, postgres, reader, sql } from '../../../e2e/support/opsdb-rig.ts';
import { failure } from '../../../e2e/support/wait.ts';
import { createExposureFolderClient } from '../exposure-folder/client.ts';
import { DEFAULT_FORMAT, makeExposure } from '../test-environment/exposure/exposure.ts';
import { EXPOSURE_KINDS } from '../test-environment/exposure/schedule.ts';
import { writeExposure } from '../test-environment/files/exposure-files.ts';
import type { OpsdbClient } from './client.ts';
import { opsdbConfiguration } from './configuration.ts';
import { createOpsdbFiller } from './fill.ts';

const json = async <T>(file: { path: string } | null): Promise<T> =>
  JSON.parse(await readFile(file?.path ?? '', 'utf8')) as T;

describe('what a folder of exposures says, by way of the database', () => {
  it('comes back the same: metadata, files, calibrations, telemetry and exposure-time data', async () => {
    const exposures = [EXPOSURE_KINDS['science-gray'], EXPOSURE_KINDS.bias].map((kind, i) =>
      makeExposure(
        { seed: 1, night: '20191115', expid: 9 + i },
        kind,
        'compact',
        Date.parse('2019-11-16T03:00:00.5Z') + i * 3_600_000,
        [],
        { ...DEFAULT_FORMAT, cameras: ['b2', 'r2', 'z7'] },
      ),
    );
    for (const exposure of exposures) await writeExposure(folder, exposure);
    const patience = { whole: 0, short: 0, damaged: 0 };
    const calibration = resolve('e2e/data/desispec-reference/calib');
    const source = createExposureFolderClient({ directory: join(folder, 'raw'), calibration, patience });
    const filler = await createOpsdbFiller(
      opsdbConfiguration({ host: postgres.host, port: postgres.port, user: ADMIN.user, tls: { ca: postgres.caFile } }),
      () => Promise.resolve(ADMIN.password),
      null,
    );
    const given = await source.getExposuresSince(null);
    // Twice, as systems do that are not sure.
    for (const exposure of [...given, ...given]) await filler.fill(source, exposure);
    await filler.close();

    const client = await reader();
    expect(await client.getExposuresSince(null)).toEqual(given);
    expect(await client.getExposuresSince(9)).toEqual(given.slice(1));
    expect(await client.getLastExposure()).toEqual(given[1]);
    expect(await client.getLastExposure({ flavors: ['science'], night: '20191115' })).toEqual(given[0]);
    expect(await client.getLastExposure({ night: '20191116' })).toBeNull();
    expect(await client.getFileLocation(9)).toEqual(await source.getFileLocation(9));
    expect(await client.getFibermap(9, 2)).toEqual(await source.getFibermap(9, 2));
    expect(await client.getFibermap(10, 2)).toBeNull();
    const byPath = (a: { relativePath: string }, b: { relativePath: string }): number =>
      a.relativePath < b.relativePath ? -1 : 1;
    const files = await client.getCalibrationFiles(9);
    expect(files.length).toBeGreaterThan(5);
    // When a file was changed is known to a file system only.
    const offered = (await source.getCalibrationFiles(9)).map(({ location, ...file }) => ({
      ...file,
      location: { host: location.host, path: location.path, bytes: location.bytes, sha256: location.sha256 },
    }));
    expect(files.sort(byPath)).toEqual(offered.sort(byPath));

    const path = (await client.getTelemetry(9))?.path ?? '';
    expect(path).toMatch(/telemetry-00000009\.json$/);
    interface Telemetry {
      series: { name: string; values: number[]; times: string[] }[];
    }
    const written = await json<Telemetry>(await source.getTelemetry(9));
    const telemetry = await json<Telemetry>({ path });
    const humidity = ({ series }: Telemetry): number[] | undefined =>
      series.find(({ name }) => name === 'humidity')?.values;
    expect(humidity(telemetry)).toEqual(humidity(written));
    expect(telemetry.series[0]?.times[1]).toBe('2019-11-16T03:00:30.500Z');

    const from = Date.parse('2019-11-16T03:01:00Z');
    const some = await client.telemetry({ from, to: from + 60_000, names: ['wind speed', 'airmass'] });
    expect(some.map(({ name, unit, values }) => [name, unit, values.length])).toEqual([
      ['airmass', '', 2],
      ['wind speed', 'm/s', 2],
    ]);

    const etc = await json<Record<string, unknown[]>>(await client.getEtc(9));
    const calculated = await json<{ accum: { efftime: number[] }; sky: { level: number[] } }>(await source.getEtc(9));
    expect(etc['effectiveTime']).toEqual(calculated.accum.efftime);
    expect(etc['skyLevel']).toEqual(calculated.sky.level);
    expect(etc['times']?.[0]).toBe('2019-11-16T03:00:00.500Z');
    expect(await client.getEtc(10)).toBeNull();
  });

  it('leaves out what the database does not know, and makes nothing up', async () => {
    await insert(5, {
      flavor: ' Science ',
      exptime: 'NaN',
      cameras_expected: ['z3', 'B1'],
      header: '{"A": 1, "B": [2]}',
    });
    await insert(6, { cameras_expected: null, header: 'null' });
    const client = await reader();
    const [five, six] = await client.getExposuresSince(4);
    expect(five).toMatchObject({ flavor: 'science', program: null, exptime: null, dateObs: null, header: { A: 1 } });
    expect(five?.camerasExpected).toEqual(['b1', 'z3']);
    expect(six?.camerasExpected).toHaveLength(30);
    expect(await client.getTelemetry(5)).toBeNull();
    expect(await failure(client.getFileLocation(7))).toMatchObject({ code: 'not-found' });
  });
});

describe('exposures whose files are on their way', () => {
  it('hold back newer ones for a while, then come late', async () => {
    await insert(1);
    await insert(2, { complete: false });
    await insert(3);
    const patient = await reader();
    const numbers = async (client: OpsdbClient, since: number | null): Promise<number[]> =>
      (await client.getExposuresSince(since)).map(({ expid }) => expid);
    expect(await numbers(patient, null)).toEqual([1]);
    expect(await failure(patient.getFileLocation(2))).toMatchObject({ code: 'unavailable' });
    const impatient = await reader({ holdBack: 0 });
    expect(await numbers(impatient, 1)).toEqual([3]);
    await sql('UPDATE exposure SET complete = true WHERE expid = 2');
    expect(await numbers(patient, 1)).toEqual([2, 3]);
    expect(await numbers(impatient, 3)).toEqual([2]);
    expect(await numbers(impatient, 3)).toEqual([]);
  });

  it('are found among the newest nights where they come with a lower number than the newest', async () => {
    await insert(10);
    await insert(20);
    await insert(3, { complete: false });
    await insert(4, { night: 20191116 });
    await insert(5, { night: 20101231 });
    const client = await reader();
    const late = async (known: readonly number[]): Promise<number[]> =>
      (await client.getLateExposures(20, (expid) => known.includes(expid))).map(({ expid }) => expid);
    expect(await late([])).toEqual([4, 5, 10]);
    expect(await late([4, 5])).toEqual([10]);
    await sql('UPDATE exposure SET complete = true WHERE expid = 3');
    expect(await late([4, 5, 10])).toEqual([3]);
    // A night that has long been over is not looked through again.
    await sql(
      "INSERT INTO exposure (expid, night, flavor, raw_path, complete) SELECT n, 20191117, 'bias', '/r', true FROM generate_series(1000, 1200) AS n",
    );
    expect(await client.getLateExposures(1000, (expid) => expid !== 5)).toEqual([]);
  });

  it('are not waited for when many have come since', async () => {
    await insert(1, { complete: false });
    for (let expid = 2; expid < 9; expid++) await insert(expid);
    const client = await reader({ firstLook: 7 });
    expect(await client.getExposuresSince(0)).toHaveLength(7);
    expect((await client.getExposuresSince(null))[0]?.expid).toBe(2);
  });

  it('are told of at once', async () => {
    const client = await reader();
    await client.getLastExposure();
    const hint = new Promise<void>((done) => client.onHint(done));
    await insert(77);
    await hint;
    expect(await client.getLastExposure()).toMatchObject({ expid: 77 });
  });
});

describe('hostile names', () => {
  it('are names and nothing else, whether they come as configuration or as data', async () => {
    await sql('CREATE TABLE IF NOT EXISTS canary (n integer); TRUNCATE canary; INSERT INTO canary VALUES (1)');
    await insert(1);
    const client = await reader();
    const hostile = fc.oneof(
      fc.constantFrom(`x"; DROP TABLE canary; --`, `'; DROP TABLE canary; --`, '$1', '\\', `a"b`, '🜨', 'pg_sleep(9)'),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
    );
    await fc.assert(
      fc.asyncProperty(hostile, async (name) => {
        // As a value: nothing is found, and nothing else happens.
        const found = client.getLastExposure({ night: name, flavors: [name, `${name}'`] });
        expect(await found.catch(String)).toSatisfy(
          (answer: unknown) =>
            answer === null || (typeof answer === 'string' && /invalid byte sequence|0x00/.test(answer)),
        );
        // As a name: it is refused, or there is no such column.
        let mapped: OpsdbClient | undefined;
        try {
          mapped = await reader({ channel: null, mapping: { exposures: { columns: { obstype: name } } } });
        } catch (error) {
          expect((error as Error).message).toMatch(/configuration of the operations database/);
          return;
        }
        const answer = await failure(mapped.getLastExposure());
        expect(answer.message).toContain('which table exposure does not have');
        await mapped.stop();
      }),
      { numRuns: 25 },
    );
    expect((await sql('SELECT n FROM canary')).rows).toEqual([{ n: 1 }]);
  });

  it('of files are refused where they are no plain absolute path', async () => {
    const client = await reader();
    for (const path of ['/a/../etc/passwd', '-rf', '/a\nb', '/a//b', '/a/', '~/x', '/a/./b', '\u202e/x']) {
      await sql('TRUNCATE exposure');
      await insert(1, { raw_path: path });
      expect((await failure(client.getFileLocation(1))).message, path).toMatch(/no plain absolute path of a file/);
    }
    for (const path of ['../x', '/x', 'a/../../x', 'a\\..\\x', '']) {
      await sql('TRUNCATE calibration');
      await sql('INSERT INTO calibration (relative_path, path) VALUES ($1, $2)', [path, '/x']);
      expect((await failure(client.getCalibrationFiles(1))).message, path).toMatch(/no plain path below/);
    }
  });
});

describe('the test environment', () => {
  it('fills such a database, which then tells of its exposures', async () => {
    const configuration = { host: postgres.host, port: postgres.port, user: ADMIN.user, tls: { ca: postgres.caFile } };
    const passwords = join(folder, 'passwords');
    await writeFile(join(folder, 'opsdb.json'), JSON.stringify(configuration));
    await writeFile(passwords, `${postgres.host}:*:*:${ADMIN.user}:${ADMIN.password}\n`, { mode: 0o600 });
    const directory = join(folder, 'emulated');
    const program = resolve('src-main/dos/test-environment/program.ts');
    const made = '--exposures 2 --cameras b0,r0,z0 --opsdb'.split(' ');
    const client = await reader();
    expect(await client.getLastExposure()).toBeNull();
    let hints = 0;
    client.onHint(() => (hints += 1));
    await promisify(execFile)(
      process.execPath,
      [program, '--directory', directory, ...made, join(folder, 'opsdb.json')],
      {
        env: { PATH: process.env['PATH'] ?? '', PGPASSFILE: passwords },
      },
    );
    expect(hints).toBeGreaterThan(0);
    const exposures = await client.getExposuresSince(null);
    expect(exposures.map(({ flavor }) => flavor)).toEqual(['bias', 'science']);
    const raw = await client.getFileLocation(2);
    expect(raw).toMatchObject({ host: null, bytes: (await stat(raw.path)).size });
    expect((await client.getCalibrationFiles(2)).filter(({ kind }) => kind === 'fiberflat')).toHaveLength(1);
    const from = Date.parse('2019-11-16T00:00:00Z');
    const seeing = await client.telemetry({ from, to: from + 86_400_000, names: ['seeing'] });
    expect(seeing[0]?.values.length).toBeGreaterThan(1);
    expect(await client.getEtc(2)).not.toBeNull();
  });
});
