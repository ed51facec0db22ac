/* eslint-disable @typescript-eslint/no-deprecated -- the asynchronous ones are absent from the oldest Electron that QLF works with */
import { safeStorage } from 'electron';
import type { Cipher } from '../domain/ports/secrets.ts';

/** Why the system's encryption must not be used; null where it is safe. Call it once the application is ready. */
function refusalOf(): string | null {
  // Without a keyring Chromium would "encrypt" with a key that everybody knows.
  if (process.platform === 'linux' && ['basic_text', 'unknown'].includes(safeStorage.getSelectedStorageBackend()))
    return 'This system has no keyring (GNOME Keyring, KWallet) that QLF could use.';
  return safeStorage.isEncryptionAvailable() ? null : 'This system offers no encryption to QLF at the moment.';
}

/** The keyring of the desktop, looked at now. */
export function systemCipher(): Cipher {
  return {
    refusal: refusalOf(),
    encrypt: (text) => safeStorage.encryptString(text),
    decrypt: (bytes) => safeStorage.decryptString(Buffer.from(bytes)),
  };
}
