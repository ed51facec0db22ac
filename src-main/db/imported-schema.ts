/** Versions that came with a night from elsewhere: they explain its runs and are never the current ones. */
export const IMPORTED_SCHEMA = `
ALTER TABLE configuration ADD COLUMN imported_at REAL;
ALTER TABLE limits_version ADD COLUMN imported_at REAL;
`;
