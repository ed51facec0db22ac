import { useState } from 'react';
import { diskView } from '../../../model/disk.ts';
import { formatBytes } from '../../../model/format.ts';
import { useCommand, useRoom } from '../../../store/context.tsx';
import { NumberField } from '../../../ui/fields.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { StatusGlyph } from '../../../ui/status-glyph.tsx';
import { useAnswer } from '../../camera/use-engine-data.ts';

/** How full the disk is, and from when on that is a warning and an alarm. */
export function DiskLimitsPanel() {
  const command = useCommand();
  const disk = useRoom((state) => state.room?.disk ?? null);
  const folder = useRoom((state) => state.room?.engine.dataDir ?? '');
  const [revision, setRevision] = useState(0);
  const alarms = useAnswer('alarm-settings.get', {}, String(revision));
  const shown = disk ? diskView(disk) : null;
  const settings = alarms.state === 'ready' ? alarms.value : null;
  const save = (patch: { diskWarning: number } | { diskFault: number }): void => {
    if (!settings) return;
    void command((b) => b.call('alarm-settings.set', { settings: { ...settings, ...patch } })).then(() => {
      setRevision(revision + 1);
    });
  };
  return (
    <Panel title="Disk" note={folder}>
      <dl className="facts">
        <dt>Now</dt>
        <dd>
          {disk && shown ? (
            <>
              <StatusGlyph status={shown.status} size={13} /> {shown.percent} % used, {formatBytes(disk.freeBytes)} of{' '}
              {formatBytes(disk.totalBytes)} free
            </>
          ) : (
            'not looked at yet'
          )}
        </dd>
      </dl>
      {settings && (
        <div className="fields one">
          <NumberField
            key={`warning ${settings.diskWarning}`}
            label="Warning from"
            value={Number((settings.diskWarning * 100).toFixed(1))}
            min={30}
            max={Math.floor(settings.diskFault * 100)}
            unit="% used; cleaning begins here"
            onChange={(percent) => {
              save({ diskWarning: percent / 100 });
            }}
          />
          <NumberField
            key={`fault ${settings.diskFault}`}
            label="Alarm from"
            value={Number((settings.diskFault * 100).toFixed(1))}
            min={Math.ceil(settings.diskWarning * 100)}
            max={99}
            unit="% used"
            onChange={(percent) => {
              save({ diskFault: percent / 100 });
            }}
          />
        </div>
      )}
    </Panel>
  );
}
