import { X509Certificate } from 'node:crypto';
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import type { RemoteSettings } from '#shared/domain/remote.ts';
import { QlfError } from '#shared/ipc/result.ts';

export interface Certificate {
  cert: string;
  key: string;
  /** SHA-256, AA:BB:… */
  fingerprint: string;
  selfSigned: boolean;
}

const DAY_MS = 86_400_000;
/** Browsers take certificates that hold for at most this long, days. */
const HOLDS_DAYS = 397;
/** Made anew when it would end before this, days. */
const SPARE_DAYS = 30;

async function read(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** @throws Error where the two do not fit, or are none */
function take(cert: string, key: string, selfSigned: boolean): Certificate & { parsed: X509Certificate } {
  createSecureContext({ cert, key });
  const parsed = new X509Certificate(cert);
  return { cert, key, fingerprint: parsed.fingerprint256, selfSigned, parsed };
}

function covers(parsed: X509Certificate, names: readonly string[], now: number): boolean {
  const fits = (name: string): boolean =>
    (isIP(name) === 0 ? parsed.checkHost(name) : parsed.checkIP(name)) !== undefined;
  return (
    Date.parse(parsed.validTo) > now + SPARE_DAYS * DAY_MS && Date.parse(parsed.validFrom) <= now && names.every(fits)
  );
}

async function make(folder: string, names: readonly string[], now: number): Promise<Certificate> {
  // Loaded when it is needed: most starts need no certificate.
  const { generate } = await import('selfsigned');
  const { cert, private: key } = await generate([{ name: 'commonName', value: names[0] ?? 'qlf' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(now - DAY_MS),
    notAfterDate: new Date(now + HOLDS_DAYS * DAY_MS),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: names.map((name) => (isIP(name) === 0 ? { type: 2, value: name } : { type: 7, ip: name })),
      },
    ],
  });
  const made = take(cert, key, true);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const keyFile = join(folder, 'key.pem');
  await writeFile(`${keyFile}.new`, key, { mode: 0o600 });
  await chmod(`${keyFile}.new`, 0o600);
  await rename(`${keyFile}.new`, keyFile);
  await writeFile(join(folder, 'certificate.pem'), cert);
  return made;
}

/**
 * The certificate of the remote view: the observatory's own, or one that QLF has made and signed itself, kept in `folder` until
 * it ends or the computer's names change.
 * @throws QlfError `unavailable` where the observatory's cannot be used, with the reason
 */
export async function certificateOf(
  chosen: RemoteSettings['certificate'],
  folder: string,
  names: readonly string[],
  now: number,
): Promise<Certificate> {
  if (chosen) {
    try {
      return take(await readFile(chosen.certificate, 'utf8'), await readFile(chosen.key, 'utf8'), false);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new QlfError(
        'unavailable',
        `the certificate ${chosen.certificate} with the key ${chosen.key} cannot be used: ${reason}`,
        { cause: error },
      );
    }
  }
  const [cert, key] = await Promise.all([read(join(folder, 'certificate.pem')), read(join(folder, 'key.pem'))]);
  if (cert !== undefined && key !== undefined) {
    try {
      const known = take(cert, key, true);
      if (covers(known.parsed, names, now)) return known;
    } catch {
      // Half written when the machine went down, or somebody's edit: a new one takes its place.
    }
  }
  return make(folder, names, now);
}
