import { open, type FileHandle } from 'node:fs/promises';
import { findHdu, readHduData, scanHdus, type ByteSource, type Hdu } from '#shared/fits/hdu.ts';
import { QlfError } from '#shared/ipc/result.ts';

/** Exactly `length` bytes; fewer mean that the file was cut while it was read. */
async function readFully(handle: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length;) {
    const { bytesRead } = await handle.read(bytes, done, length - done, offset + done);
    if (bytesRead === 0) throw new Error(`the file ended at byte ${offset + done}`);
    done += bytesRead;
  }
  return bytes;
}

/** An open FITS file of which only what is asked for is read. */
export interface FitsFile {
  hdu(name: string): Hdu;
  has(name: string): boolean;
  /** All data of an HDU. */
  data(hdu: Hdu): Promise<Uint8Array>;
  /** Bytes `from … from + length − 1` of an HDU's data. */
  part(hdu: Hdu, from: number, length: number): Promise<Uint8Array>;
}

/**
 * Opens a FITS file for the time of `use`; undefined where there is no such file.
 * @throws QlfError `unavailable` naming the file where it cannot be read or is damaged
 */
export async function withFitsFile<T>(path: string, use: (file: FitsFile) => Promise<T>): Promise<T | undefined> {
  let handle: FileHandle;
  try {
    handle = await open(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new QlfError('unavailable', `${path} cannot be opened: ${String(error)}`, { cause: error });
  }
  try {
    const source: ByteSource = {
      size: (await handle.stat()).size,
      read: (offset, length) => readFully(handle, offset, length),
    };
    const { hdus } = await scanHdus(source);
    return await use({
      hdu: (name) => {
        const found = findHdu(hdus, name);
        if (!found) throw new Error(`it has no HDU ${name}`);
        if (found.fault) throw found.fault;
        return found;
      },
      has: (name) => findHdu(hdus, name) !== undefined,
      data: (hdu) => readHduData(source, hdu),
      part: (hdu, from, length) => {
        if (from + length > hdu.dataLength) throw new Error(`HDU ${hdu.name} is shorter than its axes`);
        return source.read(hdu.dataOffset + from, length);
      },
    });
  } catch (error) {
    if (error instanceof QlfError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new QlfError('unavailable', `${path} cannot be read: ${why}`, { cause: error });
  } finally {
    await handle.close();
  }
}
