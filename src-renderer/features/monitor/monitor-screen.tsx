import { useState } from 'react';
import { useApp } from '../../store/context.tsx';
import { useShortcuts } from '../shell/shortcuts.ts';
import { Attention } from './attention.tsx';
import { Board } from './board.tsx';
import { DiskPanel } from './disk-panel.tsx';
import { Hero } from './hero.tsx';
import { LogPanel } from './log-panel.tsx';
import { Queue } from './queue.tsx';
import { Ribbon } from './ribbon.tsx';
import { useNextOffNormal, useOpenCamera, verdictNow } from './use-verdict.ts';
import './monitor.css';
import './board.css';

/** Is the exposure good, if not what and where, and can the answer be trusted now. */
export function MonitorScreen() {
  const { view, room } = useApp();
  const [largeLog, setLargeLog] = useState(false);
  const openCamera = useOpenCamera();
  const nextOffNormal = useNextOffNormal();
  const focusCell = (camera: string): void => {
    document.querySelector<HTMLElement>(`[data-camera="${camera}"]`)?.focus();
  };
  const toGrid = (): void => {
    focusCell(view.getState().camera);
  };
  useShortcuts({
    Enter: () => {
      // Asked for now: this component is not to be rendered anew with every result.
      const { cause } = verdictNow(room.store.getState());
      if (cause) openCamera(cause.camera, cause.key);
      else toGrid();
    },
    ArrowLeft: toGrid,
    ArrowRight: toGrid,
    ArrowUp: toGrid,
    ArrowDown: toGrid,
    n: () => {
      const next = nextOffNormal();
      if (!next) return;
      view.setState({ camera: next });
      focusCell(next);
    },
    l: () => {
      setLargeLog(!largeLog);
    },
    v: () => {
      view.setState(({ board }) => ({ board: board === 'grid' ? 'wedge' : 'grid' }));
    },
  });
  return (
    <div className={`monitor${largeLog ? ' large-log' : ''}`}>
      <Hero />
      <Ribbon />
      <Board />
      <LogPanel
        large={largeLog}
        onLarge={() => {
          setLargeLog(!largeLog);
        }}
      />
      <aside className="side" aria-label="Off normal, exposures and disk">
        <Attention />
        <Queue />
        <DiskPanel />
      </aside>
    </div>
  );
}
