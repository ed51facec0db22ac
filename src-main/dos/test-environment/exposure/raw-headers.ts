import { spectrographOf } from '#shared/domain/camera.ts';
import { Header } from '#shared/fits/header.ts';
import { type Amplifier, AMPLIFIERS, formatSection } from '../instrument/ccd-layout.ts';
import { modifiedJulianDate } from '../julian-date.ts';
import type { BuiltCamera } from './camera-exposure.ts';
import type { Exposure } from './exposure.ts';

const OBSTYPES = { science: 'SCIENCE', arc: 'ARC', flat: 'FLAT', bias: 'ZERO', dark: 'DARK' } as const;

/** PROGRAM: of science by the moon, of calibrations what the original's launchers look for. */
export function programOf(exposure: Exposure): string {
  const { kind } = exposure;
  switch (kind.flavor) {
    case 'science':
      return kind.program;
    case 'arc':
    case 'flat':
      return kind.flavor;
    case 'bias':
    case 'dark':
      return 'calib';
  }
}

/** UTC without zone, as FITS writes dates. */
export function dateObs(exposure: Exposure): string {
  return new Date(exposure.startedAt).toISOString().slice(0, 23);
}

export function mjdObs(exposure: Exposure): number {
  return Number(modifiedJulianDate(exposure.startedAt).toFixed(8));
}

/** Keywords of the whole exposure. @param expid what the header claims */
export function globalHeader(exposure: Exposure, expid: number): Header {
  const { identity, kind, exptime, conditions, format } = exposure;
  const science = kind.flavor === 'science';
  const spectrographs = [...new Set(format.cameras.map(spectrographOf))].sort();
  const header = exposureCards(exposure, expid)
    .set('MJD-OBS', mjdObs(exposure), 'start of the exposure [d]')
    .set('OBSTYPE', OBSTYPES[kind.flavor], 'kind of observation')
    .set('INSTRUME', 'DESI')
    .set('OBSERVAT', 'KPNO')
    .set('OBSERVER', 'emulated')
    .set('DOSVER', 'SIM', 'version of the data online system')
    .set('OBSID', `kp4m${dateObs(exposure).replace(/[-:]|\..*$/g, '')}`)
    .setReal('REQTIME', exptime, '[s] requested exposure time')
    .set('SEQNUM', 1, 'number in the sequence')
    .set('SEQTOT', 1, 'exposures in the sequence')
    .set('SPCGRPHS', spectrographs.map((spectrograph) => `SP${spectrograph}`).join(','), 'spectrographs in use')
    .set('DEPNAM07', 'desispec')
    .set('DEPVER07', 'none', 'not made by desispec')
    .set('SIMSEED', identity.seed, 'seed of the emulated night')
    .set('SIMSIZE', exposure.size, 'size of the emulated instrument');
  if (science) {
    header
      .setReal('AIRMASS', conditions.airmass)
      .setReal('SEEING', conditions.seeing, '[arcsec]')
      .set('TILEID', conditions.tileid)
      .setReal('TELRA', conditions.ra, '[deg]')
      .setReal('TELDEC', conditions.dec, '[deg]')
      .setReal('SKYRA', conditions.ra, '[deg]')
      .setReal('SKYDEC', conditions.dec, '[deg]')
      .setReal('MOONSEP', conditions.moonSeparation, '[deg]');
  } else {
    header.setReal('AIRMASS', 1).setReal('SEEING', conditions.seeing, '[arcsec]');
  }
  return header
    .setReal('AIRTEMP', conditions.temperature, '[deg C]')
    .setReal('HUMIDITY', conditions.humidity, '[%]')
    .setReal('WINDSPD', conditions.wind, '[m/s]');
}

function exposureCards(exposure: Exposure, expid: number): Header {
  return new Header()
    .set('NIGHT', exposure.identity.night, 'date of the evening, YYYYMMDD')
    .set('EXPID', expid, 'exposure number')
    .set('FLAVOR', exposure.kind.flavor, 'science, arc, flat, bias, dark')
    .set('PROGRAM', programOf(exposure), 'dark, gray, bright; arc, flat, calib')
    .setReal('EXPTIME', exposure.exptime, '[s] exposure time')
    .set('DATE-OBS', dateObs(exposure), 'start of the exposure [UTC]');
}

/** Keywords of one camera's HDU. */
export function cameraHeader(exposure: Exposure, built: BuiltCamera, expid: number): Header {
  const { camera, layout, amplifiers, design } = built;
  const spectrograph = spectrographOf(camera);
  const header = exposureCards(exposure, expid)
    .set('INHERIT', true)
    .set('CAMERA', camera, 'arm and spectrograph')
    .set('DETECTOR', 'SIM', 'serial number of the CCD')
    .set('SPECGRPH', spectrograph, 'logical number of the spectrograph')
    .set('SPECID', spectrograph, 'serial number of the spectrograph')
    .set('CCDNAME', `CCDS${spectrograph}${design.arm.toUpperCase()}`)
    .set('CCDSIZE', `${layout.rawRows},${layout.rawColumns}`, 'rows, columns')
    .set('CCDCFG', design.size, 'configuration of the readout')
    .set('CCDTMING', 'default')
    .set('CCDPREP', 'purge,clear')
    .set('FEEVER', 'SIM', 'version of the electronics')
    .set('DOSVER', 'SIM')
    .setReal('DIGITIME', 48.6, '[s] readout')
    .setReal('CCDTEMP', design.arm === 'b' ? 163.1 : 140.2, '[K]');
  for (const amplifier of AMPLIFIERS) {
    const name = amplifierName(exposure, amplifier);
    const { ccd, data, prescan, overscan, rowPrescan, rowOverscan } = layout.sections[amplifier];
    header
      .set(`CCDSEC${name}`, formatSection(ccd), 'section of the trimmed CCD')
      .set(`DETSEC${name}`, formatSection(ccd))
      .set(`PRESEC${name}`, formatSection(prescan), 'columns before')
      .set(`DATASEC${name}`, formatSection(data), 'light')
      .set(`TRIMSEC${name}`, formatSection(data))
      .set(`BIASSEC${name}`, formatSection(overscan), 'column overscan')
      .set(`PRRSEC${name}`, formatSection(rowPrescan), 'rows before')
      .set(`ORSEC${name}`, formatSection(rowOverscan), 'row overscan')
      .setReal(`GAIN${name}`, amplifiers[amplifier].gain, '[electron/ADU]')
      .setReal(`RDNOISE${name}`, amplifiers[amplifier].readNoise, '[electron] expected read noise');
  }
  return header;
}

function amplifierName(exposure: Exposure, amplifier: Amplifier): string {
  return exposure.format.amplifiers === 'letters' ? amplifier : String(AMPLIFIERS.indexOf(amplifier) + 1);
}
