import './assets/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { typedBridge } from './bridge.ts';
import { Application } from './features/shell/application.tsx';
import { NoEngineScreen } from './features/shell/no-engine-screen.tsx';
import { createAlarmSounds } from './sound/alarm-sounds.ts';
import { createControlRoom } from './store/control-room.ts';
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
if (window.qlf) {
  const bridge = typedBridge(window.qlf);
  const room = createControlRoom(bridge, browserFrame);
  room.start();
  const applyScale = (scale: number): void => void bridge.call('window.set-scale', { scale });
  applyScale(view.getState().scale);
  view.subscribe(({ scale }, before) => {
    if (scale !== before.scale) applyScale(scale);
  });
  root.render(
    <StrictMode>
      <Application app={{ bridge, room, view, sounds: createAlarmSounds() }} />
    </StrictMode>,
  );
} else {
  root.render(<NoEngineScreen />);
}
