import { memo } from 'react';
import type { AlarmMute } from '#shared/domain/alarm.ts';
import { CAMERAS } from '#shared/domain/camera.ts';
import type { ConnectionName } from '#shared/state/control-room.ts';
import { contactFacts, contactViews, engineContact, type ContactView } from '../../model/contact.ts';
import { muteEnd, muteWords } from '../../model/alarms.ts';
import { observatoryTime, utcTime } from '../../model/format.ts';
import { useApp, useCommand, useNow, useRoom, useView } from '../../store/context.tsx';
import { EVIDENCE_SCREENS, THEMES, type Screen, type Theme } from '../../store/view.ts';
import { Button, ConfirmButton, Segmented } from '../../ui/controls.tsx';
import { AccessChip } from '../remote/access-chip.tsx';
import { ExposureBar } from '../camera/exposure-bar.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Popover } from '../../ui/popover.tsx';
import { StatusGlyph } from '../../ui/status-glyph.tsx';

function EngineControls() {
  const command = useCommand();
  const activity = useRoom((state) => state.room?.engine.activity);
  const mode = useRoom((state) => state.room?.engine.mode);
  if (activity === undefined || mode === undefined) return null;
  const stopped = activity === 'off';
  return (
    <>
      <Segmented
        label="Processing of new exposures"
        value={mode}
        options={[
          { value: 'auto', text: 'Auto' },
          { value: 'manual', text: 'Manual' },
        ]}
        onChange={(next) => void command((bridge) => bridge.call('engine.set-mode', { mode: next }))}
      />
      <Button small onClick={() => void command((bridge) => bridge.call(stopped ? 'engine.start' : 'engine.stop', {}))}>
        <Icon name={stopped ? 'start' : 'stop'} size={13} />
        {stopped ? 'Start' : 'Stop'}
      </Button>
      <ConfirmButton
        question="Really reset?"
        onConfirm={() => void command((bridge) => bridge.call('engine.reset', {}))}
      >
        Reset
      </ConfirmButton>
    </>
  );
}

/** Which adapter, since when, and the last error; renewed while it is open. */
function ContactDetail({ name, close }: { name: ConnectionName; close: () => void }) {
  const { view } = useApp();
  const command = useCommand();
  const connection = useRoom((state) => state.room?.connections.find((other) => other.name === name));
  const now = useNow(1000);
  if (!connection) return null;
  return (
    <div className="contact-detail">
      <dl>
        {contactFacts(connection, now).map(([what, words]) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
      {connection.state === 'lost' && connection.retryAt !== null && (
        <Button small onClick={() => void command((bridge) => bridge.call('engine.try-now', {}))}>
          Try now
        </Button>
      )}
      <Button
        small
        onClick={() => {
          close();
          view.setState({ screen: 'settings', settingsSection: name === 'ingest' ? 'ingest' : 'nights' });
        }}
      >
        {name === 'ingest' ? 'Set the port' : 'Change or test the connection'}
      </Button>
    </div>
  );
}

const CONNECTION_OF: Readonly<Record<string, ConnectionName>> = { DOS: 'dos', Transfer: 'transfer', Ingest: 'ingest' };

const Contact = memo(
  function Contact({ contact: { name, status, text, title } }: { contact: ContactView }) {
    const connection = CONNECTION_OF[name];
    const content = (
      <>
        <StatusGlyph status={status} size={12} />
        <b>{name}</b>
        <i>{text}</i>
      </>
    );
    if (!connection)
      return (
        <li className={`contact ${status}`} title={title}>
          {content}
        </li>
      );
    return (
      <li>
        <Popover label={name} content={content} className={`contact ${status}`} title={title} align="end">
          {(close) => <ContactDetail name={connection} close={close} />}
        </Popover>
      </li>
    );
  },
  ({ contact: a }, { contact: b }) => a.status === b.status && a.text === b.text && a.title === b.title,
);

function Contacts() {
  const room = useRoom((state) => state.room);
  const running = useRoom((state) => CAMERAS.filter((camera) => state.cameras[camera].job?.state === 'running').length);
  const heardAt = useRoom((state) => state.heardAt);
  const now = useNow(1000);
  if (!room) return null;
  return (
    <ul className="contacts" aria-label="Connections">
      {contactViews(room, running, engineContact(heardAt, now)).map((contact) => (
        <Contact key={contact.name} contact={contact} />
      ))}
    </ul>
  );
}

function Clocks() {
  const now = useNow(1000);
  return (
    <div className="clocks">
      <span>
        <b>{utcTime(now)}</b> UTC
      </span>
      <span>
        <b>{observatoryTime(now)}</b> MST
      </span>
    </div>
  );
}

const THEME_ICONS = { dark: 'moon', light: 'sun', red: 'eye' } as const;

const NO_MUTES: readonly AlarmMute[] = [];

/** Whether alarms can be heard; silence always shows, with its end. The way to where it is set. */
function Sound() {
  const { view } = useApp();
  const mutes = useRoom((state) => state.room?.mutes ?? NO_MUTES);
  const now = useNow(10_000);
  const words = muteWords(mutes, now);
  return (
    <button
      type="button"
      className={`icon-button sound${words === '' ? '' : ' muted'}`}
      aria-label={words === '' ? 'Sound of alarms is on' : words}
      title={words === '' ? 'Sound of alarms is on' : words}
      onClick={() => {
        view.setState({ screen: 'alarms' });
      }}
    >
      <Icon name={words === '' ? 'sound' : 'muted'} size={18} />
      {words !== '' && <span>{muteEnd(mutes, now)}</span>}
    </button>
  );
}

function Appearance() {
  const { view } = useApp();
  const theme = useView((state) => state.theme);
  return (
    <div className="tools">
      <Sound />
      <Segmented<Theme>
        label="Theme"
        value={theme}
        options={THEMES.map((value) => ({
          value,
          name: `${value} theme`,
          text: <Icon name={THEME_ICONS[value]} size={16} />,
        }))}
        onChange={(next) => {
          view.setState({ theme: next });
        }}
      />
      <button
        type="button"
        className="icon-button"
        aria-label="Across-the-room view"
        title="Across-the-room view (W)"
        onClick={() => {
          view.setState({ wall: true });
        }}
      >
        <Icon name="wall" size={18} />
      </button>
    </div>
  );
}

const TITLES: Readonly<Record<Screen, string>> = {
  monitor: 'Monitor',
  camera: 'Camera',
  fibers: 'Fibers',
  spectra: 'Spectra',
  ccd: 'CCD',
  history: 'History',
  logs: 'Logs',
  trends: 'Trends',
  report: 'Night report',
  alarms: 'Alarms',
  'test-environment': 'Test environment',
  settings: 'Settings',
  connect: 'Connect',
};

/** Place, engine controls, connections with their ages, clocks and appearance: the same on every screen. */
export function TopBar() {
  const { remote } = useApp();
  const screen = useView((state) => state.screen);
  return (
    <header className="top-bar">
      <div className="place">
        {EVIDENCE_SCREENS.has(screen) ? (
          <ExposureBar />
        ) : (
          <>
            <span>{TITLES[screen]}</span>
            <EngineControls />
          </>
        )}
      </div>
      <Contacts />
      {remote && <AccessChip link={remote} />}
      <Clocks />
      <Appearance />
    </header>
  );
}
