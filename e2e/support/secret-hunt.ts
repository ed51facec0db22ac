import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { treeOf } from '../fixtures/process-tree.ts';

/** The ways in which a secret could be written without being changed. */
function spellings(secret: string): Buffer[] {
  const plain = Buffer.from(secret);
  const inside = (encoding: 'base64' | 'hex'): Buffer => Buffer.from(plain.toString(encoding).replace(/=+$/, ''));
  return [
    plain,
    Buffer.from(secret, 'utf16le'),
    inside('base64'),
    inside('hex'),
    Buffer.from(encodeURIComponent(secret)),
    Buffer.from(JSON.stringify(secret).slice(1, -1)),
  ];
}

function contentOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    // A socket, or gone.
    return Buffer.alloc(0);
  }
}

/** Files below the folders that have one of the secrets in them, however they write it. */
export function filesWith(folders: readonly string[], secrets: readonly string[]): string[] {
  const wanted = secrets.flatMap(spellings);
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  return files.filter((file) => {
    const content = contentOf(file);
    return wanted.some((text) => content.includes(text));
  });
}

/** Command lines and environments of a process and all that descend from it, as far as they have a secret in them. */
export function processesWith(pid: number, secrets: readonly string[]): string[] {
  const wanted = secrets.flatMap(spellings);
  return treeOf(pid)
    .flatMap((member) => ['cmdline', 'environ'].map((name) => `/proc/${member.pid}/${name}`))
    .filter((file) => wanted.some((text) => contentOf(file).includes(text)));
}
