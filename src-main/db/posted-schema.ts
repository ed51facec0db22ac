/** Counts the jobs of which their sender said otherwise than QLF; a released migration, never changed. */
export const POSTED_SCHEMA = `
ALTER TABLE run_summary ADD COLUMN contradicted INTEGER NOT NULL DEFAULT 0;
CREATE TRIGGER job_posted AFTER UPDATE OF posted_status ON job WHEN old.posted_status IS NOT new.posted_status BEGIN
  UPDATE run_summary SET stale = 1 WHERE run_id = new.run_id AND stale = 0;
END;
UPDATE run_summary SET stale = 1
  WHERE run_id IN (SELECT run_id FROM job WHERE (state = 'done' AND posted_status <> 0) OR (state = 'failed' AND posted_status = 0));
`;
