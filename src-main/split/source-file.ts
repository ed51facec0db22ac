import { type FileHandle, open } from 'node:fs/promises';
import type { ByteSource } from '#shared/fits/hdu.ts';
import { readAt } from './positioned-io.ts';

/** The source cannot be read at some place; the writing side is well. */
export class SourceReadError extends Error {}

/** The file that is taken apart. */
export class SourceFile implements ByteSource {
  readonly size: number;
  private readonly handle: FileHandle;

  private constructor(handle: FileHandle, size: number) {
    this.handle = handle;
    this.size = size;
  }

  static async open(file: string): Promise<SourceFile> {
    const handle = await open(file, 'r');
    try {
      return new SourceFile(handle, (await handle.stat()).size);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** @throws SourceReadError */
  async read(offset: number, length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length;) {
      done += await this.readInto(bytes.subarray(done), offset + done);
    }
    return bytes;
  }

  /** Fills the buffer as far as one call of the system does, at least by one byte. @throws SourceReadError */
  async readInto(buffer: Uint8Array, offset: number): Promise<number> {
    let read: number;
    try {
      read = await readAt(this.handle, buffer, offset);
    } catch (error) {
      throw new SourceReadError(`the source file cannot be read at byte ${offset}`, { cause: error });
    }
    if (read === 0) throw new SourceReadError(`the source file ended at byte ${offset} while it was being split`);
    return read;
  }

  close(): Promise<void> {
    return this.handle.close();
  }
}
