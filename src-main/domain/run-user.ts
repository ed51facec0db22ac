/** User name of the ingest credential that a run's jobs have. */
export function runUser(runId: number): string {
  return `run-${runId}`;
}

/** The run whose credential a user name is; undefined for any other name. */
export function runOfUser(user: string): number | undefined {
  const match = /^run-([1-9][0-9]{0,14})$/.exec(user);
  return match ? Number(match[1]) : undefined;
}
