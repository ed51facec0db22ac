import { mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Exposure } from '#shared/domain/exposure.ts';
import { withChecksum } from '#shared/fits/checksum.ts';
import { hduData, scanHdusInMemory } from '#shared/fits/hdu.ts';
import { encodeFits } from '#shared/fits/write.ts';
import type { LogLine } from '#shared/state/control-room.ts';
import type { RunningEngine } from '../../src-main/composition.ts';
import { REFERENCE, REFERENCE_NIGHT } from '../support/reference-exposures.ts';
import { alarmAbout } from '../support/alarm-about.ts';
import { until as untilAnswer } from '../support/wait.ts';
import { endedRuns, EngineRig, jobOf } from './engine-rig.ts';

/** One night in which every file has something wrong with it. */
let rig: EngineRig;
let engine: RunningEngine;
let ended: ReturnType<typeof endedRuns>;
const lines: LogLine[] = [];

const name8 = (expid: number): string => String(expid).padStart(8, '0');
const rawOf = (expid: number, night = REFERENCE_NIGHT): string =>
  join(rig.source, night, name8(expid), `desi-${name8(expid)}.fits.fz`);
/** Files that have not changed for long are looked at once. */
const LONG_AGO = Date.now() / 1000 - 7200;

function place(expid: number, bytes: Uint8Array | string, night?: string): void {
  const file = rawOf(expid, night);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, bytes);
  utimesSync(file, LONG_AGO, LONG_AGO);
}
const reference = (expid: number): Buffer =>
  readFileSync(join(REFERENCE, 'raw', REFERENCE_NIGHT, name8(expid), `desi-${name8(expid)}.fits.fz`));

/** The same file with checksums in each HDU. */
function summed(bytes: Uint8Array): Uint8Array {
  const blocks = scanHdusInMemory(bytes).hdus.map((hdu) => ({ header: hdu.header, data: hduData(bytes, hdu) }));
  return encodeFits(blocks.map(withChecksum));
}

beforeAll(async () => {
  rig = new EngineRig();
  const bytes = summed(reference(101));
  const { hdus } = scanHdusInMemory(bytes);
  const b0 = hdus.find(({ name }) => name === 'B0');
  const last = hdus.at(-1);
  if (!b0 || !last) throw new Error('the reference has other HDUs');
  bytes[b0.dataOffset + Math.floor(b0.dataLength / 2)]! ^= 0x10;
  place(101, bytes.subarray(0, last.dataOffset + Math.floor(last.dataLength / 2)));
  place(102, reference(102));
  place(102, reference(102), '20191116');
  place(104, reference(102));
  place(105, '');
  place(106, 'notes of the observer\n'.repeat(1000));
  const strange = join(rig.source, REFERENCE_NIGHT, '00000107');
  mkdirSync(strange);
  writeFileSync(join(strange, 'notes.txt'), 'no exposure');
  utimesSync(strange, LONG_AGO, LONG_AGO);

  engine = await rig.open({ catchUp: true });
  const settings = await engine.handlers['settings.get']({});
  const camerasExpected = ['b0', 'r0', 'z0', 'b1', 'r1', 'z1', 'b2'] as const;
  await engine.handlers['settings.set']({ settings: { ...settings, camerasExpected: [...camerasExpected] } });
  engine.onLine((line) => lines.push(line));
  ended = endedRuns(engine);
  await engine.start();
  await ended.of(101);
}, 300_000);
afterAll(() => rig.dispose());

const said = (words: string): LogLine[] => lines.filter(({ text }) => text.includes(words));
async function exposure(expid: number): Promise<Exposure> {
  const all = (await engine.handlers['exposure.list']({ limit: 50, offset: 0 })).exposures;
  const found = all.find((one) => one.expid === expid);
  if (!found) throw new Error(`exposure ${String(expid)} is not registered`);
  return found;
}

describe('a file', () => {
  it('that is cut off loses the camera that it is cut in, is told when it is registered, and the others go on', async () => {
    const run = await ended.of(101);
    expect(run.run.state).toBe('done');
    const states = run.jobs.map(({ state }) => state);
    expect(states.filter((state) => state === 'done')).toHaveLength(4);
    const cut = run.jobs.filter(({ reason }) => /end|beyond|cut/.test(reason) && !reason.includes('HDU B0'));
    expect(cut).toHaveLength(1);
    const alarm = await alarmAbout(engine, 'damaged-file', cut[0]!.camera);
    expect(alarm).toMatchObject({ firstExpid: 101, present: true });
    expect(said('exposure 00000101: desi-00000101.fits.fz is damaged')).toHaveLength(1);
  });

  it('with damaged data fails that camera, naming the HDU', async () => {
    expect(jobOf(await ended.of(101), 'b0')).toMatchObject({ state: 'failed' });
    expect(jobOf(await ended.of(101), 'b0').reason).toContain('HDU B0 is damaged: its data have the sum');
    expect(said('b0 of exposure 00000101: HDU B0 is damaged')).toHaveLength(1);
    expect(await alarmAbout(engine, 'damaged-file', 'b0')).toMatchObject({ firstExpid: 101, present: true });
  });

  it('that lacks a camera has it missing, which is not failed', async () => {
    expect(jobOf(await ended.of(101), 'b2')).toMatchObject({ state: 'missing', reason: 'expected, not in the file' });
    expect(await alarmAbout(engine, 'missing-camera', 'b2')).toMatchObject({
      title: expect.stringContaining('missing from the file') as string,
    });
  });

  it('that is there twice is one exposure with one run, and the other is named and left alone', async () => {
    expect((await ended.of(102)).run.state).toBe('done');
    expect(ended.all.filter(({ expid }) => expid === 102)).toHaveLength(1);
    expect((await exposure(102)).night).toBe(REFERENCE_NIGHT);
    const other = join(rig.source, '20191116', '00000102');
    expect(said(`exposure 102 is there twice`).map(({ text }) => text)).toEqual([
      `exposure folder: exposure 102 is there twice: ${dirname(rawOf(102))} is taken, ${other} is left alone`,
    ]);
  });

  it('under another number than its header says is told, and never processed as what it is not', async () => {
    const run = await ended.of(104);
    expect(run.run).toMatchObject({ state: 'failed' });
    expect(run.run.reason).toContain("the file's own header says EXPID 102");
    expect(run.measurements).toEqual([]);
    expect(said('exposure 00000104: desi-00000104.fits.fz says EXPID 102 in its header')).toHaveLength(1);
    expect((await exposure(104)).state).toBe('failed');
  });

  it('that is empty is registered, told, and not processed', async () => {
    expect(await exposure(105)).toMatchObject({
      ...{ state: 'registered', flavor: 'unknown', reason: 'not processed: desi-00000105.fits.fz is empty' },
    });
    expect(said('exposure 00000105: desi-00000105.fits.fz is empty')).toHaveLength(1);
  });

  it('that is no exposure is named and left alone, under the name of one or beside them', async () => {
    expect(await exposure(106)).toMatchObject({ state: 'registered', flavor: 'unknown' });
    expect((await exposure(106)).reason).toContain(
      'desi-00000106.fits.fz is damaged: the file does not begin with SIMPLE',
    );
    await untilAnswer(
      () => Promise.resolve(said('00000107 holds no desi-00000107.fits.fz but notes.txt')),
      (found) => found.length === 1,
    );
    await expect(exposure(107)).rejects.toThrow('not registered');
    expect(readdirSync(join(rig.source, REFERENCE_NIGHT, '00000107'))).toEqual(['notes.txt']);
    expect(readFileSync(rawOf(106), 'utf8')).toMatch(/^notes of the observer/);
  });

  it('that comes late, with newer ones registered, is registered when it comes', async () => {
    await ended.of(104);
    rig.deliver(103);
    await untilAnswer(
      () => Promise.resolve(said('exposure 00000103 registered')),
      (found) => found.length === 1,
    );
    expect(await exposure(103)).toMatchObject({ state: 'registered', flavor: 'bias' });
  });

  it('that is already in QLF’s folder and is another one’s is named and not overwritten', async () => {
    const mine = join(rig.data, 'raw', REFERENCE_NIGHT, '00000110', 'desi-00000110.fits.fz');
    mkdirSync(dirname(mine), { recursive: true });
    writeFileSync(mine, 'somebody else’s');
    rig.deliver(110);
    const run = await ended.of(110);
    expect(run.run.state).toBe('failed');
    expect(run.run.reason).toMatch(/is already here and not what the source has.*Nothing was overwritten/);
    expect(readFileSync(mine, 'utf8')).toBe('somebody else’s');
  });
});
