import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Header } from '#shared/fits/header.ts';
import { calibrationFile, findCalibration } from './calibration-index.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ql-calib-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function index(text: string, folder = root): void {
  mkdirSync(join(folder, 'spec/sp3'), { recursive: true });
  writeFileSync(join(folder, 'spec/sp3/r3.yaml'), text);
}

const header = (cards: Record<string, string | number>): Header => {
  const made = new Header().set('NIGHT', '20191115').set('DETECTOR', 'M1-53');
  for (const [keyword, value] of Object.entries(cards)) made.set(keyword, value);
  return made;
};

const TWO = `
r3:
  old:
    DATE-OBS-BEGIN: '20180101'
    DATE-OBS-END: 20191114
    DETECTOR: M1-53
    PSF: psf-old.fits
  new:
    DATE-OBS-BEGIN: 20191115
    DATE-OBS-END: 'None'
    DETECTOR: M1-53
    PSF: spec/sp3/psf-new.fits
    GAINA: 1.2
`;

describe('the calibration index', () => {
  it('gives the version whose dates the night is in, both ends included', () => {
    index(TWO);
    const found = findCalibration(root, 'r3', header({}));
    expect(found).toMatchObject({ name: 'new', root, values: { GAINA: 1.2 } });
    expect(calibrationFile(found, 'PSF')).toBe(join(root, 'spec/sp3/psf-new.fits'));
    expect(calibrationFile(found, 'DARK')).toBeUndefined();
    expect(findCalibration(root, 'r3', header({ NIGHT: 20191114 })).name).toBe('old');
  });

  it('takes the date of DATE-OBS where there is no NIGHT', () => {
    index(TWO);
    const dated = new Header().set('DETECTOR', 'M1-53 ').set('DATE-OBS', '2018-06-01T03:04:05');
    expect(findCalibration(root, 'r3', dated).name).toBe('old');
    expect(() => findCalibration(root, 'r3', new Header().set('DETECTOR', 'M1-53'))).toThrow(/NIGHT nor DATE-OBS/);
  });

  it('asks for the CCD configuration and timing where the version has them', () => {
    index(`r3: {a: {DATE-OBS-BEGIN: 20190101, DETECTOR: M1-53, CCDCFG: fast.cfg, CCDTMING: t1.txt}}`);
    expect(findCalibration(root, 'r3', header({ CCDCFG: 'fast.cfg', CCDTMING: 't1.txt' })).name).toBe('a');
    expect(() => findCalibration(root, 'r3', header({ CCDCFG: 'fast.cfg' }))).toThrow(/no version .* fits/);
    expect(() => findCalibration(root, 'r3', header({ CCDCFG: 'slow.cfg', CCDTMING: 't1.txt' }))).toThrow(/slow.cfg/);
  });

  it('refuses two versions that both fit', () => {
    index(TWO.replace('20191114', '20991231'));
    expect(() => findCalibration(root, 'r3', header({}))).toThrow(/old and new .* both fit/);
  });

  it('looks into sim/ for simulated detectors only', () => {
    index(`r3: {real: {DATE-OBS-BEGIN: 20190101, DETECTOR: M1-53}}`);
    index(`r3: {simulated: {DATE-OBS-BEGIN: 20190101, DETECTOR: SIM}}`, join(root, 'sim'));
    expect(findCalibration(root, 'r3', header({})).name).toBe('real');
    expect(findCalibration(root, 'r3', header({ DETECTOR: 'SIM' }))).toMatchObject({
      name: 'simulated',
      root: join(root, 'sim'),
    });
  });

  it('reads the one file of older trees', () => {
    writeFileSync(join(root, 'ccd_calibration.yaml'), `r3: {v: {DATE-OBS-BEGIN: 20190101, DETECTOR: M1-53}}`);
    expect(findCalibration(root, 'r3', header({})).name).toBe('v');
  });

  it.each([
    ['r4: {}', /no versions of camera r3/],
    ['[1, 2', /./],
    ['r3: {v: {DETECTOR: M1-53}}', /no version/],
  ])('says what is wrong with %s', (text, message) => {
    index(text);
    expect(() => findCalibration(root, 'r3', header({}))).toThrow(message);
  });
});
