/** Who may look on from elsewhere, and what they did. */
export const REMOTE_SCHEMA = `
CREATE TABLE remote_token (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  -- SHA-256 of the token, hex
  digest TEXT NOT NULL UNIQUE,
  created_at REAL NOT NULL,
  expires_at REAL,
  revoked_at REAL,
  last_used_at REAL
) STRICT;

CREATE TABLE remote_act (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at REAL NOT NULL,
  -- of the token; empty without one
  name TEXT NOT NULL,
  role TEXT,
  address TEXT NOT NULL,
  act TEXT NOT NULL,
  request TEXT NOT NULL,
  -- empty: it was done
  refusal TEXT NOT NULL
) STRICT;
`;
