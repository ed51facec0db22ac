import type Database from 'better-sqlite3';
import type { Json } from '#shared/domain/measurement.ts';
import type { Store } from '../domain/ports/store.ts';

/** Settings and the journal. */
export function noteRepository(db: Database.Database): Pick<Store, 'setting' | 'saveSetting' | 'addJournal'> {
  const get = db.prepare<[string], { value: string }>('SELECT value FROM setting WHERE key = ?');
  const set = db.prepare<[string, string]>('INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)');
  const event = db.prepare<[number, string, number | null, string | null, string]>(
    'INSERT INTO event (at, kind, expid, camera, text) VALUES (?, ?, ?, ?, ?)',
  );
  return {
    setting: (key) => {
      const row = get.get(key);
      return row && (JSON.parse(row.value) as Json);
    },
    saveSetting: (key, value) => void set.run(key, JSON.stringify(value)),
    addJournal: ({ at, kind, expid, camera, text }) => void event.run(at, kind, expid, camera, text),
  };
}
