import { useState } from 'react';
import { utcDate, utcTime } from '../../../model/format.ts';
import { useNow } from '../../../store/context.tsx';
import { Button } from '../../../ui/controls.tsx';
import { Panel, StateNote } from '../../../ui/panel.tsx';
import { StatusGlyph } from '../../../ui/status-glyph.tsx';
import { VirtualList } from '../../../ui/virtual-list.tsx';
import { useAnswer } from '../../camera/use-engine-data.ts';

/** Acts of one look. */
const PAGE = 200;

/** Who did what from elsewhere, and who was refused. */
export function ActsPanel() {
  const now = useNow(5000);
  const [offset, setOffset] = useState(0);
  const answer = useAnswer('remote.acts', { limit: PAGE, offset }, String(now));
  if (answer.state === 'error')
    return (
      <Panel title="Done from elsewhere">
        <StateNote glyph={<StatusGlyph status="failed" size={16} named />} title="It cannot be read">
          {answer.message}
        </StateNote>
      </Panel>
    );
  const { total, acts } = answer.state === 'ready' ? answer.value : { total: 0, acts: [] };
  return (
    <Panel
      title="Done from elsewhere"
      note={total === 0 ? 'nothing yet' : `${String(total)}, newest first; looking is not listed`}
      tools={
        total > PAGE && (
          <>
            <Button
              small
              disabled={offset === 0}
              onClick={() => {
                setOffset(Math.max(0, offset - PAGE));
              }}
            >
              Newer
            </Button>
            <Button
              small
              disabled={offset + PAGE >= total}
              onClick={() => {
                setOffset(offset + PAGE);
              }}
            >
              Older
            </Button>
          </>
        )
      }
    >
      {acts.length === 0 ? (
        <p className="explain">Sign-ins, and everything that somebody did or was refused, will stand here.</p>
      ) : (
        <VirtualList
          label="Done from elsewhere"
          className="scrolling remote-acts"
          items={acts}
          keyOf={({ id }) => id}
          estimate={() => 40}
        >
          {({ at, name, role, address, act, request, refusal }) => (
            <div className="remote-act">
              <b>{act}</b>
              <span>
                {name === '' ? 'without a token' : name}
                {role !== null && `, ${role}`}, {address}
              </span>
              <time>
                {utcDate(at, now)} {utcTime(at)}
              </time>
              {refusal !== '' && <em>{refusal}</em>}
              {request !== '' && request !== '{}' && <code>{request}</code>}
            </div>
          )}
        </VirtualList>
      )}
    </Panel>
  );
}
