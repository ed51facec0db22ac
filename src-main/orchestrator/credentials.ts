import { createHash, randomBytes } from 'node:crypto';

/** What a run's jobs authenticate with at the ingest endpoint; only the hash is kept. */
export interface RunCredential {
  user: string;
  password: string;
}

export function newPassword(): string {
  return randomBytes(24).toString('base64url');
}

/** A random 144-bit password needs no slow hash: it cannot be guessed from its digest. */
export function passwordHash(password: string): string {
  return createHash('sha256').update(password).digest('hex');
}
