import { memo } from 'react';
import { useApp, useRoom, useView } from '../../store/context.tsx';
import { isEmulated } from '../../store/control-room.ts';
import type { Screen } from '../../store/view.ts';
import { Icon, type IconName } from '../../ui/icon.tsx';

const SPOKES = Array.from({ length: 10 }, (_, i) => {
  const angle = (i * Math.PI) / 5;
  return [
    15 + 5 * Math.sin(angle),
    15 - 5 * Math.cos(angle),
    15 + 12.6 * Math.sin(angle),
    15 - 12.6 * Math.cos(angle),
  ] as const;
});

const Mark = memo(function Mark() {
  return (
    <svg width="30" height="30" viewBox="0 0 30 30" role="img" aria-label="QLF">
      <circle cx="15" cy="15" r="12.6" fill="none" stroke="var(--text-3)" strokeWidth="1.3" />
      {SPOKES.map(([x1, y1, x2, y2], i) => (
        <line key={i} x1={x1} y1={y1} x2={x2} y2={y2} stroke="var(--text-3)" strokeWidth="1.1" />
      ))}
      <circle cx="15" cy="15" r="3.4" fill="var(--text-1)" />
    </svg>
  );
});

const ENTRIES: readonly { screen: Screen; icon: IconName; word: string }[] = [
  { screen: 'monitor', icon: 'monitor', word: 'Monitor' },
  { screen: 'camera', icon: 'camera', word: 'Camera' },
  { screen: 'fibers', icon: 'fibers', word: 'Fibers' },
  { screen: 'spectra', icon: 'spectra', word: 'Spectra' },
  { screen: 'ccd', icon: 'ccd', word: 'CCD' },
  { screen: 'history', icon: 'history', word: 'History' },
  { screen: 'logs', icon: 'logs', word: 'Logs' },
  { screen: 'trends', icon: 'trends', word: 'Trends' },
  { screen: 'report', icon: 'report', word: 'Report' },
  { screen: 'alarms', icon: 'alarm', word: 'Alarms' },
  { screen: 'test-environment', icon: 'test', word: 'Test' },
  { screen: 'settings', icon: 'settings', word: 'Settings' },
];

/** The way to every screen. The test environment is there only when it observes. */
export function Rail() {
  const { view } = useApp();
  const current = useView((state) => state.screen);
  const unseen = useRoom((state) => (state.room?.alarms ?? []).filter((alarm) => alarm.state === 'new').length);
  const emulated = useRoom(isEmulated);
  return (
    <nav className="rail" aria-label="Screens">
      <div className="mark">
        <Mark />
      </div>
      {ENTRIES.filter(({ screen }) => screen !== 'test-environment' || emulated).map(({ screen, icon, word }) => (
        <button
          type="button"
          key={screen}
          className={`rail-entry${screen === current ? ' on' : ''}`}
          aria-current={screen === current ? 'page' : undefined}
          onClick={() => {
            view.setState({ screen });
          }}
        >
          <Icon name={icon} size={20} />
          <span>{word}</span>
          {screen === 'alarms' && unseen > 0 && (
            <b className="rail-badge" aria-label={`${unseen} not acknowledged`}>
              {unseen}
            </b>
          )}
        </button>
      ))}
      <button
        type="button"
        className="rail-entry help"
        aria-label="Keyboard shortcuts"
        onClick={() => {
          view.setState({ help: true });
        }}
      >
        <kbd aria-hidden="true">?</kbd>
      </button>
    </nav>
  );
}
