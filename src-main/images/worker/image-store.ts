import { basename } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { CameraName } from '#shared/domain/camera.ts';
import { parseCamera } from '#shared/domain/camera.ts';
import type { Reduction } from '#shared/domain/image.ts';
import { isCompressedImage, readImage } from '#shared/fits/compressed-image.ts';
import { axesOf, bitpixOf, type Hdu, readHduData } from '#shared/fits/hdu.ts';
import type { Header } from '#shared/fits/header.ts';
import { amplifiersOf, isTrimmed } from './amplifiers.ts';
import { ByteLru } from './byte-lru.ts';
import { bytesOf, decodedPlane, type DecodedImage } from './decoded-image.ts';
import { type FitsSources, hduAt, type OpenFits } from './fits-source.ts';
import type { HduChoice, ImageRef, OpenedImage } from './protocol.ts';
import { reduceImage, type Level } from './reduce.ts';
import { TaskError } from './task-error.ts';

/** Largest plane that is taken into memory, pixels: a CCD has 18 million. */
const MAX_PIXELS = 2 ** 28;
const INTEGER_NAMES: Readonly<Record<number, string>> = { 8: 'uint8', 16: 'int16', 32: 'int32', 64: 'int64' };

/** Whether an HDU holds an image that can be shown. */
export function isImage(hdu: Hdu): boolean {
  return hdu.kind === 'image' || isCompressedImage(hdu.header);
}

/** Axes of the image of an HDU, compressed or not. */
export function imageAxes(header: Header): number[] {
  return axesOf(header, isCompressedImage(header) ? 'ZNAXIS' : 'NAXIS');
}

/** Type of the physical values, as numpy would call it. */
function pixelTypeOf(header: Header): string {
  const bitpix = bitpixOf(header, isCompressedImage(header) ? 'ZBITPIX' : 'BITPIX');
  if (bitpix < 0) return `float${-bitpix}`;
  const scale = header.number('BSCALE') ?? 1;
  const zero = header.number('BZERO') ?? 0;
  if (scale === 1 && bitpix > 8 && zero === 2 ** (bitpix - 1)) return `uint${bitpix}`;
  if (scale === 1 && bitpix === 8 && zero === -128) return 'int8';
  return scale === 1 && zero === 0 ? (INTEGER_NAMES[bitpix] ?? '') : 'scaled';
}

function chosenHdu(fits: OpenFits, choice: HduChoice, path: string): Hdu {
  if ('index' in choice) return hduAt(fits, choice.index);
  const { hdus } = fits.walk;
  const name = basename(path);
  if ('name' in choice) {
    const found = hdus.find((hdu) => hdu.name === choice.name) ?? (choice.name === 'IMAGE' ? hdus[0] : undefined);
    if (found) return found;
    throw new TaskError('not-found', `${name} has no HDU ${choice.name}`);
  }
  const found = hdus.find((hdu) => isOfCamera(hdu, choice.camera));
  if (found) return found;
  throw new TaskError('not-found', `camera ${choice.camera} is not in ${name}`);
}

function isOfCamera(hdu: Hdu, camera: CameraName): boolean {
  const mayBe = isImage(hdu) || hdu.fault !== undefined;
  return mayBe && (parseCamera(hdu.name) ?? parseCamera(hdu.header.text('CAMERA') ?? '')) === camera;
}

/** Images in memory, and their reductions, up to a number of bytes. */
export class ImageStore {
  readonly #sources: FitsSources;
  readonly #images: ByteLru<DecodedImage>;
  readonly #levels: ByteLru<Level>;

  /** @param limit bytes for pixels and, a fifth of it, for reductions */
  constructor(sources: FitsSources, limit: number) {
    this.#sources = sources;
    this.#images = new ByteLru(limit);
    this.#levels = new ByteLru(limit / 5);
  }

  /** Finds an image by its header; pixels are decoded when they are asked for. */
  async open(path: string, choice: HduChoice, plane: number): Promise<OpenedImage> {
    return this.#sources.withFits(path, (fits) => {
      const hdu = chosenHdu(fits, choice, path);
      if (hdu.fault) throw hdu.fault;
      const name = hdu.name || `HDU ${hdu.index}`;
      if (!isImage(hdu)) throw new TaskError('conflict', `${name} of ${basename(path)} holds no image`);
      const axes = imageAxes(hdu.header);
      const [nx = 0, ny = 1, ...more] = axes;
      const planes = more.reduce((product, axis) => product * axis, 1);
      if (nx * ny * planes === 0)
        throw new TaskError('not-found', `${name} of ${basename(path)} is an image without pixels`);
      if (nx * ny * planes > MAX_PIXELS)
        throw new TaskError('unavailable', `${name} has ${nx * ny * planes} pixels, more than QLF takes into memory`);
      if (plane >= planes) throw new TaskError('not-found', `${name} has ${planes} planes, counted from 0`);
      const binning = Math.max(1, Math.trunc(hdu.header.number('BINNING') ?? 1));
      const [fullX, fullY] = [nx * binning, ny * binning];
      return {
        ref: { path, stamp: fits.stamp, hdu: hdu.index, plane },
        nx,
        ny,
        binning,
        unit: hdu.header.text('BUNIT') ?? '',
        pixelType: pixelTypeOf(hdu.header),
        fileName: basename(path),
        hdu: hdu.index,
        hduName: hdu.name,
        planes,
        amplifiers: amplifiersOf(hdu.header, fullX, fullY, isTrimmed(hdu.header, fullX, fullY)),
      };
    });
  }

  /** @throws TaskError `conflict` when the file is not the one that was opened any more; FitsError when it is damaged */
  async image(ref: ImageRef): Promise<DecodedImage> {
    const key = keyOf(ref);
    const known = this.#images.get(key);
    if (known) return known;
    const decoded = await this.#sources.withFits(ref.path, async (fits) => {
      if (fits.stamp !== ref.stamp)
        throw new TaskError('conflict', `${basename(ref.path)} was written anew since it was opened; open it again`);
      const hdu = hduAt(fits, ref.hdu);
      const data = await readHduData(fits.source, hdu);
      const image = readImage(hdu.header, data, (bytes, maxOutputLength) => gunzipSync(bytes, { maxOutputLength }));
      return decodedPlane(image, ref.plane);
    });
    this.#images.set(key, decoded, bytesOf(decoded));
    return decoded;
  }

  async level(ref: ImageRef, level: number, reduction: Reduction): Promise<Level> {
    // Full size is the image itself.
    if (level === 0) return reduceImage(await this.image(ref), 0, reduction);
    const key = `${keyOf(ref)}\0${level}${reduction}`;
    const known = this.#levels.get(key);
    if (known) return known;
    const made = reduceImage(await this.image(ref), level, reduction);
    this.#levels.set(key, made, made.samples.byteLength);
    return made;
  }
}

function keyOf({ path, stamp, hdu, plane }: ImageRef): string {
  return [path, stamp, hdu, plane].join('\0');
}
