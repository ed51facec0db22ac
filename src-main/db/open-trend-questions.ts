import Sqlite from 'better-sqlite3';
import type { TrendQuestions } from '../domain/ports/trends.ts';
import { trendQuestions } from './trend-questions.ts';

/** Milliseconds to wait where the database is being recovered or copied. */
const BUSY_TIMEOUT_MS = 5000;

/** Opens a database that the engine has made, to read alone. */
export function openTrendQuestions(file: string): TrendQuestions {
  const db = new Sqlite(file, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
  // What is read goes through once: a large cache would only take memory from the engine.
  db.pragma('cache_size = -16384');
  return trendQuestions(db);
}
