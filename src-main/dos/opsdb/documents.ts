import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expid8 } from '#shared/domain/exposure.ts';
import type { FileLocation } from '../../domain/ports/dos-client.ts';

const NAME = /^(?:telemetry|etc)-\d{8}\.json(?:\.part)?$/;

/** Files of what the database says about an exposure, so that it travels as other files of it do. */
export interface Documents {
  /** Forgets those of an earlier start. */
  clear(): Promise<void>;
  /** Its size is left open: who has fetched it once keeps that, though the database may have more by then. */
  write(kind: 'telemetry' | 'etc', expid: number, content: unknown): Promise<FileLocation>;
}

export function createDocuments(directory: string): Documents {
  return {
    async clear() {
      const names = await readdir(directory).catch(() => []);
      for (const name of names) if (NAME.test(name)) await rm(join(directory, name), { force: true });
    },
    async write(kind, expid, content) {
      await mkdir(directory, { recursive: true });
      const path = join(directory, `${kind}-${expid8(expid)}.json`);
      await writeFile(`${path}.part`, `${JSON.stringify(content, null, 1)}\n`);
      await rename(`${path}.part`, path);
      return { host: null, path, bytes: null, sha256: null };
    },
  };
}
