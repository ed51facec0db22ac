/* eslint-disable @typescript-eslint/no-deprecated -- the asynchronous ones are absent from the oldest Electron that QLF works with */
import { safeStorage } from 'electron';
import type { Cipher } from '../domain/ports/secrets.ts';

/** Why the system's encryption must not be used; null where it is safe. Call it once the application is ready. */
function refusalOf(): string | null {
  // Without a keyring Chromium would "encrypt" with a key that everybody knows. The oldest Electron that QLF works with cannot
  // name the keyring; there encryption counts as available with a real one only.
  const { getSelectedStorageBackend: keyring } = safeStorage as { getSelectedStorageBackend?: () => string };
  if (process.platform === 'linux' && keyring && ['basic_text', 'unknown'].includes(keyring.call(safeStorage)))
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
