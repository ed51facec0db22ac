import { Component, Suspense, lazy, useEffect, useState, type ReactNode } from 'react';
import { assertNever } from '#shared/assert-never.ts';
import { AppProvider, useApp, useRoom, useView, type App } from '../../store/context.tsx';
import { EVIDENCE_SCREENS, type Screen } from '../../store/view.ts';
import { Button } from '../../ui/controls.tsx';
import { ScreenMessage } from '../../ui/screen-message.tsx';
import { AlarmsScreen } from '../alarms/alarms-screen.tsx';
import { useAlarmSound } from '../alarms/use-alarm-sound.ts';
import { CameraScreen } from '../camera/camera-screen.tsx';
import { LogsScreen } from '../logs/logs-screen.tsx';
import { MonitorScreen } from '../monitor/monitor-screen.tsx';
import { NotesDrawer } from '../notes/notes-drawer.tsx';
import { TestEnvironmentScreen } from '../test-environment/test-environment-screen.tsx';
import { TrendsScreen } from '../trends/trends-screen.tsx';
import { WallScreen } from '../wall/wall-screen.tsx';
import { HelpSheet } from './help-sheet.tsx';
import { Notices } from './notices.tsx';
import { Rail } from './rail.tsx';
import { useShellShortcuts } from './shortcuts.ts';
import { TopBar } from './top-bar.tsx';
import { useOpened } from './use-opened.ts';
import './shell.css';

const FibersScreen = lazy(() =>
  import('../fibers/fibers-screen.tsx').then((module) => ({ default: module.FibersScreen })),
);
const SpectraScreen = lazy(() =>
  import('../spectra/spectra-screen.tsx').then((module) => ({ default: module.SpectraScreen })),
);

const HistoryScreen = lazy(() =>
  import('../history/history-screen.tsx').then((module) => ({ default: module.HistoryScreen })),
);
const ReportScreen = lazy(() =>
  import('../report/report-screen.tsx').then((module) => ({ default: module.ReportScreen })),
);

const CcdScreen = lazy(() => import('../ccd/ccd-screen.tsx').then((module) => ({ default: module.CcdScreen })));

const SettingsScreen = lazy(() =>
  import('../settings/settings-screen.tsx').then((module) => ({ default: module.SettingsScreen })),
);

const ConnectScreen = lazy(() =>
  import('../connect/connect-screen.tsx').then((module) => ({ default: module.ConnectScreen })),
);

function CurrentScreen({ screen }: { screen: Screen }) {
  switch (screen) {
    case 'monitor':
      return <MonitorScreen />;
    case 'camera':
      return <CameraScreen />;
    case 'fibers':
      return <FibersScreen />;
    case 'spectra':
      return <SpectraScreen />;
    case 'ccd':
      return <CcdScreen />;
    case 'history':
      return <HistoryScreen />;
    case 'report':
      return <ReportScreen />;
    case 'logs':
      return <LogsScreen />;
    case 'trends':
      return <TrendsScreen />;
    case 'alarms':
      return <AlarmsScreen />;
    case 'test-environment':
      return <TestEnvironmentScreen />;
    case 'settings':
      return <SettingsScreen />;
    case 'connect':
      return <ConnectScreen />;
    default:
      return assertNever(screen, 'screen');
  }
}

/** Catches what a screen throws: the rest of the window stays, with the reason and a way on. */
class ScreenGuard extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: unknown): { error: Error } {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    const again = (): void => {
      this.setState({ error: null });
    };
    return (
      <ScreenMessage status="failed" title="This screen failed">
        <p>{error.message}</p>
        <p>Processing goes on; only the display is affected.</p>
        <Button kind="primary" onClick={again}>
          Show it again
        </Button>
      </ScreenMessage>
    );
  }
}

/** A living engine answers long before this, ms. */
const PATIENCE_MS = 10_000;

function LinkMessage() {
  const { room } = useApp();
  const link = useRoom((state) => state.link);
  const error = useRoom((state) => state.linkError);
  const [patient, setPatient] = useState(true);
  useEffect(() => {
    const timer = setTimeout(() => {
      setPatient(false);
    }, PATIENCE_MS);
    return () => {
      clearTimeout(timer);
    };
  }, []);
  // Connecting takes milliseconds: the empty frame is enough, unless the engine does not answer at all.
  if (link === 'connecting' && patient) return <div className="screen-message" aria-busy="true" />;
  return (
    <ScreenMessage status="lost" title="No contact with the engine">
      <p>{link === 'connecting' ? 'It has not answered yet.' : error}</p>
      <p>QLF keeps trying.</p>
      <Button kind="primary" onClick={() => void room.refresh()}>
        Try now
      </Button>
    </ScreenMessage>
  );
}

/** What was just made heard, for those who read the screen by ear. */
function AlarmNews({ title, count }: { title: string; count: number }) {
  return (
    <p className="hidden" role="alert">
      Alarm: {title}
      {count > 1 ? `, and ${count - 1} more` : ''}
    </p>
  );
}

function Shell() {
  const { room, bridge, view, remote } = useApp();
  const screen = useView((state) => state.screen);
  const looking = EVIDENCE_SCREENS.has(screen);
  useEffect(() => {
    room.hold(looking);
  }, [room, looking]);
  useEffect(() => {
    // Where nobody has ever chosen a source the way to one comes first, for those who sit at it.
    if (remote) return;
    void bridge.call('folders.get', {}).then((answer) => {
      if (answer.ok && answer.value.first && view.getState().screen === 'monitor') view.setState({ screen: 'connect' });
    });
  }, [bridge, remote, view]);
  const wall = useView((view) => view.wall);
  const known = useRoom((state) => state.room !== null);
  // What a screen knows of one data folder says nothing about another.
  const folder = useRoom((state) => state.room?.engine.dataDir ?? '');
  useShellShortcuts();
  useOpened();
  const told = useAlarmSound();
  const news = told && told.why !== 'reminder' ? <AlarmNews title={told.title} count={told.count} /> : null;
  if (wall && known) {
    return (
      <>
        <WallScreen />
        {news}
        <HelpSheet />
      </>
    );
  }
  return (
    <div className="app">
      <Rail />
      <TopBar />
      <main>
        <Notices />
        <ScreenGuard key={`${screen} ${folder}`}>
          <Suspense fallback={<div aria-busy="true" />}>
            {known ? <CurrentScreen screen={screen} /> : <LinkMessage />}
          </Suspense>
        </ScreenGuard>
      </main>
      <NotesDrawer />
      {news}
      <HelpSheet />
    </div>
  );
}

/** The whole window. */
export function Application({ app }: { app: App }) {
  return (
    <AppProvider app={app}>
      <Shell />
    </AppProvider>
  );
}
