import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Exposure } from '#shared/domain/exposure.ts';
import type { ControlRoomEvent } from '#shared/state/events.ts';
import { openDatabase, type QlfDatabase } from '../../src-main/db/open-database.ts';
import { completeConditions } from '../../src-main/orchestrator/complete-conditions.ts';

let folder: string;
let db: QlfDatabase;
let published: ControlRoomEvent[];
let said: string[];
let telemetry: string;
let etc: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qlf-conditions-'));
  db = openDatabase({ file: join(folder, 'qlf.db'), origin: 'real', defaultConfiguration: '' });
  published = [];
  said = [];
  telemetry = join(folder, 'telemetry-00000007.json');
  etc = join(folder, 'etc-00000007.json');
  writeFileSync(telemetry, JSON.stringify({ series: [{ name: 'airmass', values: [1.31, 1.33] }] }));
  writeFileSync(etc, JSON.stringify({ header: { ETCSEENG: 0.87, ETCTEFF: 281.4 }, expinfo: { req_efftime: 1000 } }));
});
afterEach(() => {
  db.close();
  rmSync(folder, { recursive: true });
});

const room = {
  publish: (event: ControlRoomEvent) => void published.push(event),
  log: (_source: unknown, _level: unknown, text: string) => void said.push(text),
};
const register = (airmass: number | null, seeing: number | null, expid = 7, header: Exposure['header'] = {}) =>
  db.registerExposure(
    {
      ...{ expid, night: '20261121', flavor: 'science', program: 'dark', obstype: null, dateObs: null, header },
      ...{ exptime: 900, airmass, seeing, tileid: 1, mjdObs: 1, ra: 1, dec: 1, camerasExpected: [] },
    },
    { state: 'processing', reason: '', camerasExpected: [], at: 1 },
  );

it('what the DOS did not give comes from the calculator and the sensors, durable and on the screen', async () => {
  const exposure = register(null, null);
  await completeConditions({ store: db, room }, exposure, { telemetry, etc });
  expect(db.exposure(7)).toMatchObject({ airmass: 1.32, seeing: 0.87 });
  expect(db.exposure(7)?.effective).toEqual({ seconds: 281.4, requested: 1000, before: 0, exposuresBefore: 0 });
  expect(published).toEqual([{ type: 'exposure', exposure: db.exposure(7) }]);
  expect(said).toEqual(['exposure 00000007: airmass 1.320, seeing 0.87 arcsec, effective time 281 s by telemetry']);
});

it('what it gave stays', async () => {
  await completeConditions({ store: db, room }, register(1.1, null), { telemetry, etc });
  expect(db.exposure(7)).toMatchObject({ airmass: 1.1, seeing: 0.87 });
  published.length = 0;
  await completeConditions({ store: db, room }, register(1.1, 0.87), { telemetry, etc });
  expect(published).toEqual([]);
});

it('effective times of a visit of a tile add up: by the header, by the calculator, by its series', async () => {
  register(1.1, 0.9, 4, { ACTTEFF: 300.5, REQTEFF: 1000 });
  register(1.1, 0.9, 5, { ACTTEFF: 120, REQTEFF: 500 });
  await completeConditions({ store: db, room }, register(1.1, 0.9), { telemetry, etc });
  // The series of an operations database; another visit of the tile was asked for otherwise.
  writeFileSync(etc, JSON.stringify({ effectiveTime: [0, 40.2, null, 99.5] }));
  await completeConditions({ store: db, room }, register(1.1, 0.9, 8, { REQTEFF: 1000 }), { telemetry, etc });
  expect([4, 5, 7, 8].map((expid) => db.exposure(expid)?.effective)).toEqual([
    { seconds: 300.5, requested: 1000, before: 0, exposuresBefore: 0 },
    { seconds: 120, requested: 500, before: 0, exposuresBefore: 0 },
    { seconds: 281.4, requested: 1000, before: 300.5, exposuresBefore: 1 },
    { seconds: 99.5, requested: 1000, before: 581.9, exposuresBefore: 2 },
  ]);
});

it('files that are not there, or are nothing, change nothing', async () => {
  const exposure = register(null, null);
  writeFileSync(telemetry, '{"series": [');
  await completeConditions({ store: db, room }, exposure, { telemetry, etc: join(folder, 'none') });
  await completeConditions({ store: db, room }, exposure, { telemetry: null, etc: null });
  expect(db.exposure(7)).toMatchObject({ airmass: null, seeing: null });
  expect(db.exposure(7)).not.toHaveProperty('effective');
  expect([published, said]).toEqual([[], []]);
});
