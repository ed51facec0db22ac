import { gunzipSync } from 'node:zlib';
import { type FitsContent, fitsContentOf, hduNamed, matrixOf, requireHdu, tableOf } from '#shared/fits/fits-content.ts';

export { hduNamed, matrixOf, requireHdu, tableOf };

/** A FITS file in memory, its gzip tiles expanded by zlib. @throws FitsError when it is no FITS file */
export function fitsContent(bytes: Uint8Array): FitsContent {
  return fitsContentOf(bytes, (packed, maxOutputLength) => gunzipSync(packed, { maxOutputLength }));
}
