import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CameraName } from '#shared/domain/camera.ts';
import { expid8 } from '#shared/domain/exposure.ts';
import type { JobDocument } from './job-document.ts';

const SPOOL_FILE = /^ql-spool-[brz][0-9]-[0-9]{8}\.jsonl$/;

/** Where a job keeps results that could not be posted: one document a line. */
export function spoolFile(outputDir: string, camera: CameraName, expid: number): string {
  return join(outputDir, `ql-spool-${camera}-${expid8(expid)}.jsonl`);
}

export function spoolFilesIn(directory: string): string[] {
  return readdirSync(directory)
    .filter((name) => SPOOL_FILE.test(name))
    .sort()
    .map((name) => join(directory, name));
}

/** Documents of a spool file, none when it does not exist; a line that was cut off by a crash is left out. */
export function readSpool(file: string): JobDocument[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return line.trim() === '' ? [] : [JSON.parse(line) as JobDocument];
      } catch {
        return [];
      }
    });
}

/** Replaces a spool file by these documents; none: removes it. */
export function writeSpool(file: string, documents: readonly JobDocument[]): void {
  if (documents.length === 0) {
    rmSync(file, { force: true });
    return;
  }
  mkdirSync(join(file, '..'), { recursive: true });
  const part = `${file}.part`;
  writeFileSync(part, documents.map((document) => `${JSON.stringify(document)}\n`).join(''));
  renameSync(part, file);
}
