import type { StorageWork } from '#shared/domain/storage.ts';
import { workWords } from '../../../model/storage.ts';
import { Button } from '../../../ui/controls.tsx';
import { StatusGlyph } from '../../../ui/status-glyph.tsx';

const GLYPHS = { running: 'running', done: 'normal', failed: 'failed', cancelled: 'cancelled' } as const;

/** Long work on the storage: what it is, how far, what came of it. Empty, it keeps its place. */
export function WorkLine({ work, cancel }: { work: StorageWork | null; cancel: () => void }) {
  return (
    <div className="panel storage-work" role="status" aria-label="Storage work">
      {work === null ? (
        <span className="text">Nothing is under way.</span>
      ) : (
        <>
          <StatusGlyph status={GLYPHS[work.state]} size={14} named />
          <b>{workWords(work)}</b>
          <span className="text" title={work.text}>
            {work.text}
          </span>
          {work.state === 'running' && (
            <>
              <progress aria-label="How far it is" {...(work.share === null ? {} : { value: work.share, max: 1 })} />
              <Button small onClick={cancel}>
                Cancel
              </Button>
            </>
          )}
        </>
      )}
    </div>
  );
}
