import type { NightLine } from '#shared/domain/night-file.ts';

/** A run as it is called in an exported night, and in this database. */
export interface KnownRun {
  expid: number;
  there: number;
  here: number;
}

/** What taking in a night has done so far. */
export interface TakenIn {
  added: Record<NightLine['type'], number>;
  /** What was here already, and stayed as it was. */
  known: Record<NightLine['type'], number>;
}

/** Takes in the lines of one night, in their order; each is one transaction and may come again. */
export interface NightIntake {
  /** Looks at the next line, of all lines before the first is taken. @throws QlfError `conflict` */
  check(line: NightLine): void;
  take(line: NightLine): void;
  readonly result: TakenIn;
  readonly runs: readonly KnownRun[];
}

export interface NightExchangeStore {
  readonly origin: 'emulated' | 'real';
  /** Everything of a night; runs that are under way are left out. */
  nightLines(night: string): Generator<NightLine>;
  /** @param logOf path of a job's log relative to the data folder, for a run of this database */
  nightIntake(night: string, logOf: (expid: number, runId: number, camera: string) => string, now: number): NightIntake;
}
