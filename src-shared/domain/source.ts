/**
 * Where exposures come from, as it is written in a command line or in the settings: a folder on this machine, the address
 * of one on a data host (`ssh://user@host:port/path`), or a configuration of the operations database (`opsdb:/FILE.json`).
 */
export type Source =
  { kind: 'folder'; path: string } | { kind: 'ssh'; address: string } | { kind: 'opsdb'; file: string };

const OPSDB = 'opsdb:';

export function sourceOf(text: string): Source {
  if (/^ssh:/i.test(text)) return { kind: 'ssh', address: text };
  if (text.startsWith(OPSDB)) return { kind: 'opsdb', file: text.slice(OPSDB.length) };
  return { kind: 'folder', path: text };
}

export function sourceText(source: Source): string {
  switch (source.kind) {
    case 'folder':
      return source.path;
    case 'ssh':
      return source.address;
    case 'opsdb':
      return `${OPSDB}${source.file}`;
  }
}

/** Whether an address has a password in it: it would be seen wherever the address is. */
export function hasPassword({ address }: Extract<Source, { kind: 'ssh' }>): boolean {
  return /^ssh:\/\/[^/?#@]*:[^/?#]*@/i.test(address);
}
