import './assets/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { typedBridge, type RawBridge } from './bridge.ts';
import { Application } from './features/shell/application.tsx';
import { NoEngineScreen } from './features/shell/no-engine-screen.tsx';
import { RemoteGate } from './features/remote/remote-gate.tsx';
import { createAlarmSounds } from './sound/alarm-sounds.ts';
import type { RemoteLink } from './remote/remote-link.ts';
import { createControlRoom, type ControlRoomHandle } from './store/control-room.ts';
import { browserFrame } from './store/frame-batcher.ts';
import { createView } from './store/view.ts';

const container = document.getElementById('root');
if (!container) throw new Error('the page has no #root');

const view = createView(localStorage);
const applyTheme = (): void => {
  document.documentElement.dataset['theme'] = view.getState().theme;
};
applyTheme();
view.subscribe(applyTheme);

const root = createRoot(container);

function show(raw: RawBridge, remote: RemoteLink | null): ControlRoomHandle {
  const bridge = typedBridge(raw);
  const room = createControlRoom(bridge, browserFrame);
  room.start();
  const app = { bridge, room, view, sounds: createAlarmSounds(), ...(remote && { remote }) };
  root.render(
    <StrictMode>
      {remote ? (
        <RemoteGate link={remote}>
          <Application app={app} />
        </RemoteGate>
      ) : (
        <Application app={app} />
      )}
    </StrictMode>,
  );
  if (remote) return room;
  const applyScale = (scale: number): void => void bridge.call('window.set-scale', { scale });
  applyScale(view.getState().scale);
  view.subscribe(({ scale }, before) => {
    if (scale !== before.scale) applyScale(scale);
  });
  return room;
}

if (window.qlf) show(window.qlf, null);
else if (location.protocol === 'https:') {
  // The desktop does not load what only browsers elsewhere need.
  void import('./remote/remote-link.ts').then(({ connectRemote }) => {
    const link = connectRemote(location.origin);
    const room = show(link.raw, link);
    // A link that broke or came back is told by the state of the room.
    link.onLink(() => void room.refresh());
  });
} else root.render(<NoEngineScreen />);
