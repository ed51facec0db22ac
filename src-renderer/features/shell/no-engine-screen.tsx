import { StatusGlyph } from '../../ui/status-glyph.tsx';
import './shell.css';

/** Shown when the page was opened without QLF's engine behind it (in an ordinary browser, or a broken installation). */
export function NoEngineScreen() {
  return (
    <main className="no-engine">
      <StatusGlyph status="lost" size={64} />
      <div>
        <p className="over">This window has no connection to the QLF engine</p>
        <h1>Nothing can be shown</h1>
        <p>
          The page was opened outside of the QLF application, or the application is damaged. Close this window and start
          QLF again. If this comes back, install QLF again; the data folder is not touched by that.
        </p>
      </div>
    </main>
  );
}
