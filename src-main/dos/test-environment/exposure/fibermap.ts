import { SPECTROGRAPHS, type Spectrograph } from '#shared/domain/camera.ts';
import { Header } from '#shared/fits/header.ts';
import { type ColumnContent, tableHdu } from '#shared/fits/table-write.ts';
import type { HduBlock } from '#shared/fits/write.ts';
import { Random } from '../random.ts';
import type { Target } from '../sky/targets.ts';
import type { Exposure } from './exposure.ts';
import { programOf } from './raw-headers.ts';

/** Rows of a fibermap: spectrograph s has rows 500 s … 500 s + 499, whatever the size of its slit. */
const ROWS = 5000;
const ROWS_EACH = 500;

/** mm on the focal plane per degree on the sky. */
const PLATE_SCALE = 254;

/** Bits of DESI_TARGET. */
const BIT = {
  LRG: 0n,
  ELG: 1n,
  QSO: 2n,
  SKY: 32n,
  STD_FAINT: 33n,
  STD_BRIGHT: 35n,
  BGS_ANY: 60n,
  MWS_ANY: 61n,
} as const;

/** Targets of each spectrograph in the exposure. */
export type TargetsBySpectrograph = ReadonlyMap<Spectrograph, readonly Target[]>;

/**
 * HDU FIBERMAP: what each fiber was put on. Fibers that the instrument's size does not have are OBJTYPE NON; with lamps all
 * fibers are OBJTYPE ARC or FLT, as in the survey's simulations.
 */
export function fibermapHdu(exposure: Exposure, targets: TargetsBySpectrograph, fibers: number): HduBlock {
  const table = new Columns();
  const random = new Random('fibermap', exposure.identity.seed, exposure.conditions.tileid);
  for (const spectrograph of SPECTROGRAPHS) {
    const own = targets.get(spectrograph);
    for (let fiber = 0; fiber < ROWS_EACH; fiber++) {
      table.add(exposure, random, spectrograph * ROWS_EACH + fiber, fiber < fibers, own?.[fiber]);
    }
  }
  return tableHdu('FIBERMAP', table.contents(), headerOf(exposure));
}

function headerOf(exposure: Exposure): Header {
  const { identity, kind, exptime, conditions } = exposure;
  const header = new Header()
    .set('NIGHT', identity.night)
    .set('EXPID', identity.expid)
    .set('FLAVOR', kind.flavor)
    .set('PROGRAM', programOf(exposure))
    .setReal('EXPTIME', exptime, '[s]');
  if (kind.flavor === 'science') {
    header
      .set('TILEID', conditions.tileid)
      .setReal('TELRA', conditions.ra, '[deg]')
      .setReal('TELDEC', conditions.dec, '[deg]')
      .setReal('MOONSEP', conditions.moonSeparation, '[deg]');
  }
  return header.setReal('AIRMASS', conditions.airmass).setReal('SEEING', conditions.seeing, '[arcsec]');
}

/** The table under construction, column by column in the survey's order. */
class Columns {
  private readonly targetid = new BigInt64Array(ROWS);
  private readonly desiTarget = new BigInt64Array(ROWS);
  private readonly bgsTarget = new BigInt64Array(ROWS);
  private readonly mwsTarget = new BigInt64Array(ROWS);
  private readonly ra = new Float64Array(ROWS);
  private readonly dec = new Float64Array(ROWS);
  private readonly priority = new Int32Array(ROWS);
  private readonly subpriority = new Float64Array(ROWS);
  private readonly flux = { g: new Float32Array(ROWS), r: new Float32Array(ROWS), z: new Float32Array(ROWS) };
  private readonly infrared = new Float32Array(ROWS);
  private readonly x = new Float32Array(ROWS);
  private readonly y = new Float32Array(ROWS);
  private readonly fiberRa = new Float64Array(ROWS);
  private readonly fiberDec = new Float64Array(ROWS);
  private readonly objtype: string[] = [];

  add(exposure: Exposure, random: Random, row: number, exists: boolean, target: Target | undefined): void {
    const { kind, conditions } = exposure;
    const { ra, dec } = conditions;
    this.targetid[row] = BigInt(Math.floor(random.uniform() * 2 ** 40)) * 5000n + BigInt(row);
    this.subpriority[row] = random.uniform();
    const lamp = kind.flavor === 'arc' ? 'ARC' : kind.flavor === 'flat' ? 'FLT' : undefined;
    this.objtype[row] = !exists ? 'NON' : (lamp ?? (target ? (target.kind === 'SKY' ? 'SKY' : 'TGT') : 'NON'));
    const [east, north] = target?.offset ?? [0, 0];
    const cos = Math.cos((dec * Math.PI) / 180);
    this.ra[row] = degrees((ra + east / cos + 360) % 360);
    this.dec[row] = degrees(dec + north);
    this.x[row] = -PLATE_SCALE * east;
    this.y[row] = PLATE_SCALE * north;
    // Positioners end within some micrometers of where they should, 0.1 arcsec on the sky.
    this.fiberRa[row] = degrees(this.ra[row] + (2.8e-5 * random.normal()) / cos);
    this.fiberDec[row] = degrees(this.dec[row] + 2.8e-5 * random.normal());
    if (!target) return;
    this.desiTarget[row] = desiTarget(target, exposure);
    this.bgsTarget[row] = target.kind === 'BGS' ? 2n : 0n;
    this.mwsTarget[row] = target.kind === 'MWS' ? 1n : 0n;
    this.priority[row] = target.kind === 'SKY' ? 0 : 3000;
    for (const band of ['g', 'r', 'z'] as const) this.flux[band][row] = target.flux[band];
    this.infrared[row] = 1.3 * target.flux.z;
  }

  contents(): ColumnContent[] {
    const rows = Array.from({ length: ROWS }, (_, row) => row);
    const zeros = new Float32Array(ROWS);
    const ones = (value: number): Float32Array => new Float32Array(ROWS).fill(value);
    const integers = (value: (row: number) => number): Int32Array => Int32Array.from(rows, value);
    const spectrograph = integers((row) => Math.floor(row / ROWS_EACH));
    const inFiber = (flux: Float32Array): Float32Array => flux.map((value) => 0.78 * value);
    return [
      { name: 'TARGETID', form: 'K', values: this.targetid },
      { name: 'DESI_TARGET', form: 'K', values: this.desiTarget },
      { name: 'BGS_TARGET', form: 'K', values: this.bgsTarget },
      { name: 'MWS_TARGET', form: 'K', values: this.mwsTarget },
      { name: 'SECONDARY_TARGET', form: 'K', values: new BigInt64Array(ROWS) },
      { name: 'TARGET_RA', form: 'D', values: this.ra, unit: 'deg' },
      { name: 'TARGET_DEC', form: 'D', values: this.dec, unit: 'deg' },
      { name: 'BRICKID', form: 'K', values: new BigInt64Array(ROWS) },
      { name: 'MORPHTYPE', form: '4A', values: rows.map(() => 'PSF') },
      { name: 'PRIORITY', form: 'J', values: this.priority },
      { name: 'SUBPRIORITY', form: 'D', values: this.subpriority },
      { name: 'PMRA', form: 'E', values: zeros, unit: 'marcsec/year' },
      { name: 'PMDEC', form: 'E', values: zeros, unit: 'marcsec/year' },
      { name: 'REF_EPOCH', form: 'E', values: ones(2015.5), unit: 'yr' },
      { name: 'FLUX_G', form: 'E', values: this.flux.g, unit: 'nanomaggies' },
      { name: 'FLUX_R', form: 'E', values: this.flux.r, unit: 'nanomaggies' },
      { name: 'FLUX_Z', form: 'E', values: this.flux.z, unit: 'nanomaggies' },
      { name: 'FLUX_W1', form: 'E', values: this.infrared, unit: 'nanomaggies' },
      { name: 'FLUX_W2', form: 'E', values: this.infrared, unit: 'nanomaggies' },
      { name: 'FIBERFLUX_G', form: 'E', values: inFiber(this.flux.g), unit: 'nanomaggies' },
      { name: 'FIBERFLUX_R', form: 'E', values: inFiber(this.flux.r), unit: 'nanomaggies' },
      { name: 'FIBERFLUX_Z', form: 'E', values: inFiber(this.flux.z), unit: 'nanomaggies' },
      { name: 'MW_TRANSMISSION_G', form: 'E', values: ones(1) },
      { name: 'MW_TRANSMISSION_R', form: 'E', values: ones(1) },
      { name: 'MW_TRANSMISSION_Z', form: 'E', values: ones(1) },
      { name: 'EBV', form: 'E', values: zeros, unit: 'mag' },
      { name: 'PHOTSYS', form: '1A', values: rows.map(() => 'S') },
      { name: 'FIBER', form: 'J', values: integers((row) => row) },
      { name: 'PETAL_LOC', form: 'J', values: spectrograph },
      { name: 'DEVICE_LOC', form: 'J', values: integers((row) => row % ROWS_EACH) },
      {
        name: 'LOCATION',
        form: 'J',
        values: integers((row) => 1000 * Math.floor(row / ROWS_EACH) + (row % ROWS_EACH)),
      },
      { name: 'FIBERSTATUS', form: 'J', values: new Int32Array(ROWS) },
      { name: 'OBJTYPE', form: '3A', values: this.objtype },
      { name: 'LAMBDA_REF', form: 'E', values: ones(5400), unit: 'Angstrom' },
      { name: 'FIBERASSIGN_X', form: 'E', values: this.x, unit: 'mm' },
      { name: 'FIBERASSIGN_Y', form: 'E', values: this.y, unit: 'mm' },
      { name: 'NUMTARGET', form: 'I', values: new Int16Array(ROWS).fill(1) },
      { name: 'FIBER_RA', form: 'D', values: this.fiberRa, unit: 'deg' },
      { name: 'FIBER_DEC', form: 'D', values: this.fiberDec, unit: 'deg' },
      { name: 'NUM_ITER', form: 'J', values: new Int32Array(ROWS).fill(2) },
      { name: 'SPECTROID', form: 'J', values: spectrograph },
    ];
  }
}

/** To 10⁻⁸, so that the last bit of a sine does not tell one version of Node from another. */
function degrees(value: number): number {
  return Math.round(value * 1e8) / 1e8;
}

function desiTarget(target: Target, exposure: Exposure): bigint {
  const bright = exposure.kind.flavor === 'science' && exposure.kind.program === 'bright';
  switch (target.kind) {
    case 'SKY':
      return 1n << BIT.SKY;
    case 'LRG':
    case 'ELG':
    case 'QSO':
      return 1n << BIT[target.kind];
    case 'BGS':
      return 1n << BIT.BGS_ANY;
    case 'MWS':
      return 1n << BIT.MWS_ANY;
    case 'STAR':
      return bright ? (1n << BIT.STD_BRIGHT) | (1n << BIT.MWS_ANY) : 1n << BIT.STD_FAINT;
  }
}
