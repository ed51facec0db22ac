import { CleaningPanel } from './cleaning-panel.tsx';
import { DatabasePanel } from './database-panel.tsx';
import { DiskLimitsPanel } from './disk-limits-panel.tsx';
import { NightsPanel } from './nights-panel.tsx';
import { useStorage } from './use-storage.ts';
import { WorkLine } from './work-line.tsx';
import './storage.css';

/** The disk, what is deleted from it and when, copies of the database, nights as files. */
export function StorageSection() {
  const storage = useStorage();
  const { answer } = storage;
  return (
    <>
      <div className="storage-column">
        <DiskLimitsPanel />
        {answer && <DatabasePanel storage={storage} answer={answer} />}
        {answer && <NightsPanel storage={storage} />}
      </div>
      <div className="storage-column">
        {answer && <WorkLine work={answer.work} cancel={storage.cancel} />}
        {answer && <CleaningPanel storage={storage} answer={answer} />}
      </div>
    </>
  );
}
