import { CleaningPanel } from './cleaning-panel.tsx';
import { DatabasePanel } from './database-panel.tsx';
import { DiskLimitsPanel } from './disk-limits-panel.tsx';
import { NightOfferPanel } from './night-offer-panel.tsx';
import { NightsPanel } from './nights-panel.tsx';
import { useStorage } from './use-storage.ts';
import { StateNote } from '../../../ui/panel.tsx';
import { StatusGlyph } from '../../../ui/status-glyph.tsx';
import { WorkLine } from './work-line.tsx';
import './storage.css';

/** The disk, what is deleted from it and when, copies of the database, nights as files. */
export function StorageSection() {
  const storage = useStorage();
  const { answer, error } = storage;
  return (
    <>
      {answer && <WorkLine work={answer.work} cancel={storage.cancel} />}
      <div className="storage-column">
        <NightOfferPanel storage={storage} />
        <DiskLimitsPanel />
        {answer && <DatabasePanel storage={storage} answer={answer} />}
        {answer && <NightsPanel storage={storage} />}
      </div>
      <div className="storage-column">
        {error !== '' && (
          <StateNote
            glyph={<StatusGlyph status={answer ? 'stale' : 'failed'} size={16} named />}
            title={answer ? 'What stands here is old' : 'The storage cannot be read'}
          >
            {error}
          </StateNote>
        )}
        {answer && <CleaningPanel storage={storage} answer={answer} />}
      </div>
    </>
  );
}
