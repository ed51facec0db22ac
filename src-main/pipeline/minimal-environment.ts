import { tmpdir, homedir } from 'node:os';

/** What every child gets of our own environment: enough to run, nothing that could be a secret. */
export function minimalEnvironment(added: Readonly<Record<string, string>>): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin',
    HOME: homedir(),
    TMPDIR: tmpdir(),
    LANG: process.env.LANG ?? 'C.UTF-8',
    ...added,
  };
}
