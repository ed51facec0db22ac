import { open, type FileHandle } from 'node:fs/promises';
import { sumBytes, verifyChecksum } from '#shared/fits/checksum.ts';
import { FitsError } from '#shared/fits/fits-error.ts';
import { scanHdus, type Hdu } from '#shared/fits/hdu.ts';

const CHUNK = 1024 * 1024;

/**
 * What a file says about itself. `whole`: FITS, every HDU complete and right by its checksums · `damaged`: FITS, but an
 * HDU is cut off, or its bytes are not those that were summed · `silent`: no FITS, or without checksums.
 */
export interface FitsHealth {
  state: 'whole' | 'damaged' | 'silent';
  /** Of what is damaged. */
  reason: string;
}

async function readExactly(handle: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length;) {
    const { bytesRead } = await handle.read(bytes, done, length - done, offset + done);
    if (bytesRead === 0) throw new FitsError('truncated', 'the file has become shorter while it was read');
    done += bytesRead;
  }
  return bytes;
}

async function sumOfData(handle: FileHandle, hdu: Hdu, signal: AbortSignal): Promise<number> {
  let sum = 0;
  for (let at = hdu.dataOffset; at < hdu.end; at += CHUNK) {
    signal.throwIfAborted();
    sum = sumBytes(await readExactly(handle, at, Math.min(CHUNK, hdu.end - at)), sum);
  }
  return sum;
}

/** Checks a file by its own structure and the CHECKSUM and DATASUM cards in it; reads all of it. */
export async function fitsHealth(path: string, signal: AbortSignal): Promise<FitsHealth> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    const { hdus, trailing } = await scanHdus({ size, read: (offset, length) => readExactly(handle, offset, length) });
    let summed = 0;
    for (const hdu of hdus) {
      if (hdu.fault) return { state: 'damaged', reason: hdu.fault.message };
      const header = await readExactly(handle, hdu.headerOffset, hdu.dataOffset - hdu.headerOffset);
      if (!hdu.header.has('DATASUM') && !hdu.header.has('CHECKSUM')) continue;
      const verdict = verifyChecksum(hdu.header, header, await sumOfData(handle, hdu, signal));
      if (verdict.datasum === 'wrong' || verdict.checksum === 'wrong')
        return { state: 'damaged', reason: `the checksum of HDU ${hdu.name || String(hdu.index)} is not its own` };
      summed += 1;
    }
    if (trailing > 0) return { state: 'damaged', reason: `${String(trailing)} bytes at its end belong to no HDU` };
    return { state: summed === hdus.length ? 'whole' : 'silent', reason: '' };
  } catch (error) {
    if (!(error instanceof FitsError)) throw error;
    return error.code === 'not-fits' ? { state: 'silent', reason: '' } : { state: 'damaged', reason: error.message };
  } finally {
    await handle.close();
  }
}
