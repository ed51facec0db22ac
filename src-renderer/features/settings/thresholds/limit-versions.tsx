import { useState } from 'react';
import { scopeWords } from '#shared/domain/limits.ts';
import { Button } from '../../../ui/controls.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { useAnswer } from '../../camera/use-engine-data.ts';
import { VersionsPanel } from '../versions-panel.tsx';
import type { EditedLimits } from './use-thresholds.ts';

/** Saved versions of the limits: whom each judged, what is in it, and the way back to it. */
export function LimitVersions({ limits, revision }: { limits: EditedLimits; revision: number }) {
  const [chosen, setChosen] = useState<number | null>(null);
  const versions = useAnswer('limits.versions', { limit: 200, offset: 0 }, String(revision));
  const older = useAnswer('limits.version', chosen === null ? null : { id: chosen }, '');
  const looked = chosen !== null && older.state === 'ready' ? older.value : null;
  return (
    <div className="limit-versions">
      <VersionsPanel
        note="of the limits"
        edit={limits.edited ? limits.reason || 'not saved yet' : ''}
        versions={versions.state === 'ready' ? versions.value.versions : []}
        chosen={chosen}
        onChoose={setChosen}
      />
      {looked && (
        <Panel
          title={`v${looked.id}`}
          note={looked.rules.length === 1 ? '1 limit' : `${looked.rules.length} limits`}
          tools={
            <Button
              small
              kind="primary"
              onClick={() => {
                limits.setRules(looked.rules, `back to v${looked.id}`);
                setChosen(null);
              }}
            >
              Restore v{looked.id}
            </Button>
          }
        >
          <ul className="rule-list scrolling" data-scrolls>
            {looked.rules.map((item) => (
              <li key={JSON.stringify(item)}>
                <b>{item.key}</b> {scopeWords(item)}
              </li>
            ))}
            {looked.rules.length === 0 && <li>Nothing over the configuration.</li>}
          </ul>
        </Panel>
      )}
    </div>
  );
}
