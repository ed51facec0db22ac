import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { OpsdbConfiguration } from '#shared/domain/opsdb.ts';
import { QlfError } from '#shared/ipc/result.ts';
import type { Secret } from './database-options.ts';

type Environment = Readonly<Record<string, string | undefined>>;
type Reached = Pick<OpsdbConfiguration, 'host' | 'port' | 'database' | 'user'>;

/** Name of the credential that the service manager hands in. */
const CREDENTIAL = 'opsdb-password';

/**
 * The password where there is no desktop to keep it: from the file that QLF_OPSDB_PASSWORD_FILE names, from the service
 * manager's credential `opsdb-password`, or from PostgreSQL's own password file (PGPASSFILE, else ~/.pgpass). It is read
 * anew each time, so that a changed one needs no restart. Null when there is none.
 */
export function passwordFromFiles(env: Environment, to: Reached): Secret {
  return async () => {
    const {
      QLF_OPSDB_PASSWORD_FILE: named,
      CREDENTIALS_DIRECTORY: credentials,
      HOME: home,
      PGPASSFILE: standard,
    } = env;
    if (named) return firstLine(await readPrivate(named, true));
    // The service manager lets nobody else read these, whatever their permissions say.
    const credential = credentials ? await readIfThere(join(credentials, CREDENTIAL)) : null;
    if (credential !== null) return firstLine(credential);
    const passwords = standard ?? (home ? join(home, '.pgpass') : undefined);
    const text = passwords === undefined ? null : await readPrivate(passwords, false);
    return text === null ? null : matching(text, to);
  };
}

const firstLine = (text: string | null): string | null => text?.split(/\r?\n/, 1)[0] ?? null;

async function readIfThere(file: string): Promise<string | null> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new QlfError('unavailable', `the password file ${file} cannot be read (${(error as Error).message}).`);
  });
}

/** @throws QlfError when others may read the file, or when it must be there and is not */
async function readPrivate(file: string, must: boolean): Promise<string | null> {
  const info = await stat(file).catch(() => null);
  if (info !== null && process.platform !== 'win32' && (info.mode & 0o077) !== 0)
    throw new QlfError(
      'unavailable',
      `the password file ${file} can be read by others, so it is not used: chmod 600 it.`,
    );
  const text = await readIfThere(file);
  if (text === null && must) throw new QlfError('unavailable', `the password file ${file} is not there.`);
  return text;
}

/** The first line that fits, `host:port:database:user:password`; `*` fits all, a backslash takes the next as it is. */
function matching(text: string, { host, port, database, user }: Reached): string | null {
  const wanted = [host.startsWith('/') ? 'localhost' : host, String(port), database, user];
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('#')) continue;
    const fields = [...line.matchAll(/((?:\\.|[^:\\])*)(?::|$)/g)].map(([, field = '']) =>
      field.replace(/\\(.)/g, '$1'),
    );
    const [password] = fields.slice(4, 5);
    if (password !== undefined && wanted.every((value, i) => fields[i] === '*' || fields[i] === value)) return password;
  }
  return null;
}
