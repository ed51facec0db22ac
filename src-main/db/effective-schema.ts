/** What the exposure-time calculator said an exposure was worth; a released migration, never changed. */
export const EFFECTIVE_SCHEMA = `
-- s; null where nobody said
ALTER TABLE exposure ADD COLUMN effective_time REAL;
-- s, asked for of the tile's visit that the exposure belongs to
ALTER TABLE exposure ADD COLUMN effective_requested REAL;
CREATE INDEX exposure_visit ON exposure (tileid, night, expid) WHERE effective_time IS NOT NULL;
`;
