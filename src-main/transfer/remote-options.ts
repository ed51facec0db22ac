import type { RemoteHost } from '../domain/ports/dos-client.ts';
import type { HostKeys } from '../domain/ports/host-keys.ts';

/** How data hosts are reached, whichever way. */
export interface RemoteOptions {
  /** Environment of ssh and rsync; ssh needs HOME, and SSH_AUTH_SOCK where an agent holds the key. */
  environment: Record<string, string>;
  /** s without any byte after which the link is given up */
  stallSeconds: number;
  /** bytes / s that a transfer may take; null: all it can */
  maxRate: number | null;
  hostKeys: HostKeys;
  /** Passphrase of the account's key; null where it has none or an agent holds it. */
  passphrase?: ((host: RemoteHost) => Promise<string | null>) | undefined;
}
