import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute } from 'node:path';
import type { OpsdbForm } from '#shared/domain/connection.ts';
import type { OpsdbConfiguration } from '#shared/domain/opsdb.ts';
import type { Handlers } from '#shared/ipc/contract.ts';
import { QlfError } from '#shared/ipc/result.ts';

export interface OpsdbFileParts {
  /** QLF's own file, made when it is first saved. */
  standard: string;
  /** What a content means, with all defaults. @throws QlfError that names the place */
  parse: (value: unknown) => OpsdbConfiguration;
}

/** The object in a file; null where there is no file. @throws QlfError where it is none */
async function contentOf(file: string): Promise<Record<string, unknown> | null> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new QlfError('unavailable', `${file} cannot be read (${(error as Error).message})`);
  });
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw new QlfError('invalid-configuration', `${file} is no configuration of an operations database: no JSON object`);
}

/** The configuration of an operations database, as far as it is filled in on the screen. */
export function opsdbFileHandlers({ standard, parse }: OpsdbFileParts): Pick<Handlers, 'opsdb.open' | 'opsdb.save'> {
  const formOf = (content: unknown): OpsdbForm => {
    const { host, port, database, user, tls, dataHosts } = parse(content);
    return { host, port, database, user, tls, dataHosts };
  };
  const inFile = <T>(file: string, use: () => T): T => {
    try {
      return use();
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      throw new QlfError('invalid-configuration', `${file}: ${message}`);
    }
  };
  return {
    'opsdb.open': async ({ file: wanted }) => {
      const file = wanted ?? standard;
      const content = await contentOf(file);
      const form = content === null ? null : inFile(file, () => formOf(content));
      return { file, form, mapped: content?.['mapping'] !== undefined };
    },
    'opsdb.save': async ({ file, form }) => {
      if (!isAbsolute(file)) throw new QlfError('bad-request', `${file} is no absolute path; begin at the root`);
      const before = await contentOf(file);
      // Nothing else is ever overwritten: another file is either ours, or such a configuration already.
      if (before === null && file !== standard)
        throw new QlfError('not-found', `${file} is not there; leave the field empty for QLF\u2019s own file`);
      if (before !== null) inFile(file, () => parse(before));
      const next = { ...before, ...form };
      inFile(file, () => parse(next));
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      writeFileSync(`${file}.new`, `${JSON.stringify(next, null, 2)}\n`, { mode: 0o600 });
      renameSync(`${file}.new`, file);
      return {};
    },
  };
}
