import type { PresentedHostKey } from '../host-key-error.ts';
import type { HostAddress, HostKey, HostKeyVerdict } from '../known-hosts.ts';

/** The keys by which hosts are known: QLF's own file, and those that it only reads. */
export interface HostKeys {
  /** QLF's own file, the only one that is written. */
  readonly file: string;
  /** The key as it came over the wire, with its type and fingerprint. */
  describe(address: HostAddress, blob: Uint8Array): PresentedHostKey;
  /** @param extraFile a further known_hosts file that this account is to be looked up in, null: none */
  judge(address: HostAddress, key: HostKey, extraFile: string | null): Promise<HostKeyVerdict>;
  /** Types of keys on record for the host, to be asked for first; empty when it is unknown. */
  types(address: HostAddress, extraFile: string | null): Promise<string[]>;
  /**
   * Puts a key on record that a person has compared: from now on the host is known by it.
   * @throws QlfError `conflict` where other keys of the host are on record
   */
  accept(presented: PresentedHostKey): Promise<void>;
}
