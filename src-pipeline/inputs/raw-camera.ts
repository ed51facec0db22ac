import { gunzipSync } from 'node:zlib';
import type { CameraName } from '#shared/domain/camera.ts';
import { readImage } from '#shared/fits/compressed-image.ts';
import { findHdu, type Hdu, readHduData, scanHdus } from '#shared/fits/hdu.ts';
import { Header } from '#shared/fits/header.ts';
import { type Image, pixelsAsFloat64 } from '#shared/fits/image.ts';
import { findGlobalHdu, inheritHeader } from '#shared/fits/inherit.ts';
import type { RawCamera } from '../types.ts';
import { release } from '../release.ts';
import { withByteSource } from './byte-file.ts';

/**
 * One camera of a raw exposure, from the file with all HDUs or from the camera's own, plain or tile-compressed, with the global
 * keywords in the primary HDU or (since 2020) in the SPEC HDU. Only this camera's pixels are read.
 * @throws FitsError or Error saying what is wrong with the file
 */
export async function readRawCamera(path: string, camera: CameraName): Promise<RawCamera> {
  return withByteSource(path, async (source) => {
    const { hdus } = await scanHdus(source);
    const hdu = hduOfCamera(hdus, camera);
    const data = await readHduData(source, hdu);
    const image = readImage(hdu.header, data, (bytes, maxOutputLength) => gunzipSync(bytes, { maxOutputLength }));
    const [nx, ny] = image.axes;
    if (nx === undefined || ny === undefined || image.axes.length !== 2) {
      throw new Error(`HDU ${hdu.name} holds no image of two axes`);
    }
    const pix = rawPixels(image);
    if (data.buffer !== pix.buffer) release(data);
    return { nx, ny, pix, header: headerOf(hdu, hdus) };
  });
}

function hduOfCamera(hdus: readonly Hdu[], camera: CameraName): Hdu {
  const found = findHdu(hdus, camera) ?? hdus.find((hdu) => hdu.header.text('CAMERA')?.trim().toLowerCase() === camera);
  if (found) return found;
  const names = hdus.map((hdu) => hdu.name).filter((name) => name !== '');
  throw new Error(`camera ${camera} is not in the file (its HDUs: ${names.join(', ') || 'none with a name'})`);
}

/** The camera's own keywords, then the global ones that it lacks; none that describe an HDU's structure. */
function headerOf(hdu: Hdu, hdus: readonly Hdu[]): Header {
  const own = inheritHeader(new Header(), hdu.header);
  const global = findGlobalHdu(hdus) ?? hdus[0];
  return global === undefined || global === hdu ? own : inheritHeader(own, global.header);
}

function rawPixels(image: Image): RawCamera['pix'] {
  const { pixels, blank } = image;
  const isPlain =
    pixels instanceof Uint16Array ||
    pixels instanceof Int32Array ||
    pixels instanceof Float32Array ||
    pixels instanceof Float64Array;
  return isPlain && blank === undefined ? pixels : pixelsAsFloat64(image);
}
