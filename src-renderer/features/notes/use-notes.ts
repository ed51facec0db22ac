import type { Notes } from '#shared/domain/notes.ts';
import { useRoom } from '../../store/context.tsx';
import { useAnswer, type Loaded } from '../camera/use-engine-data.ts';

/** What people said of an exposure, asked for again whenever anybody says something. */
export function useNotes(expid: number | null): Loaded<Notes> {
  const revision = useRoom((state) => state.room?.notes ?? 0);
  return useAnswer('notes.get', expid === null ? null : { expid }, String(revision));
}
