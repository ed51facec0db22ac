import { databaseFailureOf, explainDatabaseFailure } from '../domain/database-failure.ts';

/**
 * The same database, whose failures (locked for too long, disk full, damaged) are told: once, in words, and only the first. The
 * caller of the method gets its error all the same.
 */
export function watchFailures<T extends object>(db: T, file: string, failed: (text: string) => void): T {
  let told = false;
  const watch = (error: unknown): void => {
    const code = databaseFailureOf(error);
    if (code === undefined || told) return;
    told = true;
    failed(explainDatabaseFailure(file, code, error instanceof Error ? error.message : String(error)));
  };
  const watched = Object.entries(db).map(([name, member]: [string, unknown]) => {
    if (typeof member !== 'function') return [name, member] as const;
    const method = member as (...args: unknown[]) => unknown;
    return [
      name,
      (...args: unknown[]): unknown => {
        try {
          return method(...args);
        } catch (error) {
          watch(error);
          throw error;
        }
      },
    ] as const;
  });
  return Object.fromEntries(watched) as T;
}
