import type Database from 'better-sqlite3';
import type { RemoteAct, RemoteToken } from '#shared/domain/remote.ts';
import type { RemoteStore } from '../domain/ports/remote-store.ts';

/** Acts that are kept; the oldest go first. */
const MOST_ACTS = 100_000;

/** Tokens of the remote view, and what was done by them. */
export function remoteRepository(db: Database.Database): RemoteStore {
  const columns = `id, name, role, created_at AS createdAt, expires_at AS expiresAt, revoked_at AS revokedAt,
    last_used_at AS lastUsedAt`;
  const tokens = db.prepare<[], RemoteToken>(`SELECT ${columns} FROM remote_token ORDER BY id DESC`);
  const token = db.prepare<[number], RemoteToken>(`SELECT ${columns} FROM remote_token WHERE id = ?`);
  const digests = db.prepare<[], { id: number; digest: string }>(
    'SELECT id, digest FROM remote_token WHERE revoked_at IS NULL',
  );
  const add = db.prepare<[Omit<RemoteToken, 'id' | 'revokedAt' | 'lastUsedAt'> & { digest: string }], RemoteToken>(
    `INSERT INTO remote_token (name, role, digest, created_at, expires_at)
     VALUES (@name, @role, @digest, @createdAt, @expiresAt) RETURNING ${columns}`,
  );
  const revoke = db.prepare<[number, number]>(
    'UPDATE remote_token SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL',
  );
  const used = db.prepare<[number, number]>('UPDATE remote_token SET last_used_at = ? WHERE id = ?');
  const addAct = db.prepare<[Omit<RemoteAct, 'id'>]>(`
    INSERT INTO remote_act (at, name, role, address, act, request, refusal)
    VALUES (@at, @name, @role, @address, @act, @request, @refusal)`);
  const forget = db.prepare<[number]>('DELETE FROM remote_act WHERE id <= (SELECT max(id) FROM remote_act) - ?');
  const acts = db.prepare<[number, number], RemoteAct>('SELECT * FROM remote_act ORDER BY id DESC LIMIT ? OFFSET ?');
  const count = db.prepare<[], { total: number }>('SELECT count(*) AS total FROM remote_act');
  return {
    remoteTokens: () => tokens.all(),
    remoteToken: (id) => token.get(id),
    addRemoteToken: (made) => {
      const row = add.get(made);
      if (!row) throw new Error('the token was not stored');
      return row;
    },
    remoteDigests: () => digests.all(),
    revokeRemoteToken: (id, at) => revoke.run(at, id).changes > 0,
    usedRemoteToken: (id, at) => void used.run(at, id),
    addRemoteAct: (act) => {
      addAct.run(act);
      forget.run(MOST_ACTS);
    },
    remoteActs: ({ limit, offset }) => ({ total: count.get()?.total ?? 0, acts: acts.all(limit, offset) }),
  };
}
