import type { RemoteAct, RemoteRole, RemoteToken } from '#shared/domain/remote.ts';

/** Where tokens are kept, and what was done from elsewhere. */
export interface RemoteStore {
  /** Newest first, those that hold no more too. */
  remoteTokens(): RemoteToken[];
  /** `digest`: SHA-256 of the token, hex. */
  addRemoteToken(token: {
    name: string;
    role: RemoteRole;
    digest: string;
    createdAt: number;
    expiresAt: number | null;
  }): RemoteToken;
  /** Tokens that were not revoked, with their digests. */
  remoteDigests(): { id: number; digest: string }[];
  remoteToken(id: number): RemoteToken | undefined;
  /** False where there is none that holds. */
  revokeRemoteToken(id: number, at: number): boolean;
  usedRemoteToken(id: number, at: number): void;
  addRemoteAct(act: Omit<RemoteAct, 'id'>): void;
  /** Newest first. */
  remoteActs(page: { limit: number; offset: number }): { total: number; acts: RemoteAct[] };
}
