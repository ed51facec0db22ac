import { QlfError } from '#shared/ipc/result.ts';
import type { HostAddress, HostKey, HostKeyVerdict } from './known-hosts.ts';

/** A key that a host presented, as a person compares it. */
export interface PresentedHostKey extends HostAddress, HostKey {
  /** SHA256:… of the key, as ssh shows it */
  fingerprint: string;
}

/**
 * A host presents a key that is not on record. `unknown` is `unavailable`: it works as soon as somebody has compared the
 * fingerprint and accepted the key. `changed` and `revoked` are a `conflict` that is never accepted by a click.
 */
export class HostKeyError extends QlfError {
  readonly verdict: Exclude<HostKeyVerdict, 'known'>;
  readonly presented: PresentedHostKey;

  constructor(verdict: Exclude<HostKeyVerdict, 'known'>, presented: PresentedHostKey) {
    const { host, port, type, fingerprint } = presented;
    const key = `${host} (port ${String(port)}) presents the key ${fingerprint} (${type})`;
    const words = {
      unknown: `${key}, which is not on record yet: compare it with its administrator's, then accept it`,
      changed: `${key}, not the key on record for it: somebody may be in between, or the host was installed anew; ask its administrator before the old key is removed`,
      revoked: `${key}, which is marked as revoked: do not trust this host; ask its administrator`,
    };
    super(verdict === 'unknown' ? 'unavailable' : 'conflict', words[verdict]);
    this.name = 'HostKeyError';
    this.verdict = verdict;
    this.presented = presented;
  }
}
