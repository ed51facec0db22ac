import type { Comment } from '#shared/domain/notes.ts';
import type { LostReason } from '#shared/domain/lost-time.ts';
import type { NightNote } from '#shared/domain/night-report.ts';
import type { RunCause } from '../run-causes.ts';
import type { Finding } from '../summarise-run.ts';

/** What the memory knows of one night beside its exposures. */
export interface NightStore {
  /** Everything off normal in the newest runs of the night's exposures. */
  nightFindings(night: string): (Finding & { runId: number; expid: number })[];
  /** What was wrong in the newest runs of the night's exposures. */
  nightCauses(night: string): (RunCause & { runId: number; expid: number })[];
  /** Why time was lost, newest first; `after`: the exposure before the stretch, null at the begin of the night. */
  lostReasons(night: string): (LostReason & { after: number | null })[];
  saveLostReason(stretch: { night: string; after: number | null; from: number; to: number }, reason: LostReason): void;
  /** Comments that were not deleted, oldest first. */
  nightComments(night: string): Comment[];
  nightNote(night: string): NightNote | null;
  saveNightNote(night: string, note: NightNote): void;
}
