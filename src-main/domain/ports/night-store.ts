import type { Comment } from '#shared/domain/notes.ts';
import type { NightNote } from '#shared/domain/night-report.ts';
import type { Finding } from '../summarise-run.ts';

/** What the memory knows of one night beside its exposures. */
export interface NightStore {
  /** Everything off normal in the newest runs of the night's exposures. */
  nightFindings(night: string): (Finding & { runId: number; expid: number })[];
  /** Comments that were not deleted, oldest first. */
  nightComments(night: string): Comment[];
  nightNote(night: string): NightNote | null;
  saveNightNote(night: string, note: NightNote): void;
}
