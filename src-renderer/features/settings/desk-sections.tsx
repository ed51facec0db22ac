import { diskView } from '../../model/disk.ts';
import { formatBytes } from '../../model/format.ts';
import { useApp, useRoom, useView } from '../../store/context.tsx';
import { SCALES, THEMES, type Theme } from '../../store/view.ts';
import { Button, Segmented } from '../../ui/controls.tsx';
import { TextField } from '../../ui/fields.tsx';
import { Panel } from '../../ui/panel.tsx';
import { StatusGlyph } from '../../ui/status-glyph.tsx';
import { useAnswer } from '../camera/use-engine-data.ts';

const THEME_WORDS: Readonly<Record<Theme, string>> = {
  dark: 'Dark',
  light: 'Light',
  red: 'Red, for dark-adapted eyes',
};

/** How this window looks, and who sits before it. */
export function AppearanceSection() {
  const { view } = useApp();
  const theme = useView((state) => state.theme);
  const scale = useView((state) => state.scale);
  const observer = useView((state) => state.observer);
  return (
    <Panel title="Appearance" note="of this window, at once">
      <div className="fields one">
        <div className="field">
          <span>Theme</span>
          <Segmented
            label="Colours"
            value={theme}
            options={THEMES.map((value) => ({ value, text: THEME_WORDS[value] }))}
            onChange={(next) => {
              view.setState({ theme: next });
            }}
          />
        </div>
        <div className="field">
          <span>Size</span>
          <Segmented
            label="Size of everything"
            value={String(scale)}
            options={SCALES.map((value) => ({ value: String(value), text: `${Math.round(value * 100)} %` }))}
            onChange={(next) => {
              view.setState({ scale: Number(next) });
            }}
          />
        </div>
        <TextField
          label="Your name"
          value={observer}
          hint="author of comments, limits and configurations"
          onChange={(name) => {
            view.setState({ observer: name.slice(0, 80) });
          }}
        />
      </div>
    </Panel>
  );
}

/** The way to what alarms do, which is set beside them. */
export function AlarmsSection() {
  const { view } = useApp();
  return (
    <Panel title="Alarms, sounds">
      <p className="explain">
        When a finding becomes an alarm is set by the thresholds. How many exposures it takes, when the disk counts as
        full, which sounds are played and whether the desktop tells of them is set with the alarms themselves.
      </p>
      <div className="take-over">
        <p className="explain">Mutes and shelves are there too, each with its end.</p>
        <Button
          onClick={() => {
            view.setState({ screen: 'alarms' });
          }}
        >
          Open the alarms
        </Button>
      </div>
    </Panel>
  );
}

/** What QLF is, and its keys. */
export function AboutSection() {
  const { view } = useApp();
  const info = useAnswer('app.info', {}, '');
  return (
    <Panel title="QLF" note="control room of the DESI Quick Look">
      <dl className="facts">
        <dt>Version</dt>
        <dd>{info.state === 'ready' ? info.value.version : ''}</dd>
        <dt>Electron</dt>
        <dd>{info.state === 'ready' ? info.value.electron : ''}</dd>
        <dt>System</dt>
        <dd>{info.state === 'ready' ? info.value.platform : ''}</dd>
      </dl>
      <div className="take-over">
        <p className="explain">Everything can be done by keyboard.</p>
        <Button
          keys="?"
          onClick={() => {
            view.setState({ help: true });
          }}
        >
          Keyboard shortcuts
        </Button>
      </div>
    </Panel>
  );
}

/** How full the disk of the data folder is, and what QLF keeps there. */
export function StorageSection() {
  const { view } = useApp();
  const disk = useRoom((state) => state.room?.disk ?? null);
  const folder = useRoom((state) => state.room?.engine.dataDir ?? '');
  const shown = disk ? diskView(disk) : null;
  return (
    <Panel title="Storage" note={folder}>
      <dl className="facts">
        <dt>Disk</dt>
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
        <dt>Kept</dt>
        <dd>
          raw exposures, split files, calibration, products, logs and the database; QLF removes nothing of them by
          itself
        </dd>
      </dl>
      <div className="take-over">
        <p className="explain">When the disk becomes a warning and a fault is set with the alarms.</p>
        <Button
          onClick={() => {
            view.setState({ screen: 'alarms' });
          }}
        >
          Alarms and sounds
        </Button>
      </div>
    </Panel>
  );
}

/** How exposures come to this computer. */
export function TransferSection() {
  const transfer = useRoom((state) => state.room?.connections.find(({ name }) => name === 'transfer'));
  return (
    <Panel title="Transfer" note={transfer ? `${transfer.adapter}, ${transfer.state}` : ''}>
      <p className="explain">
        Files of this computer are copied; those of a data host come by rsync over SSH, or by SFTP where there is no
        rsync. They are never overwritten, an interrupted transfer is resumed, and size and checksum are verified where
        the DOS knows them. Host, account and key belong to the source, under DOS and folders.
      </p>
      {transfer !== undefined && transfer.error !== '' && (
        <p className="explain">
          <StatusGlyph status="lost" size={13} named /> {transfer.error}
        </p>
      )}
    </Panel>
  );
}
