import { useApp, useView } from '../../store/context.tsx';
import { SCALES, THEMES, type Theme } from '../../store/view.ts';
import { Button, Segmented } from '../../ui/controls.tsx';
import { TextField } from '../../ui/fields.tsx';
import { Panel } from '../../ui/panel.tsx';
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
