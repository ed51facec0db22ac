import { useApp, useRoom, useView } from '../../store/context.tsx';
import { Icon } from '../../ui/icon.tsx';
import { StatusGlyph } from '../../ui/status-glyph.tsx';
import { QuestionsStrip } from '../connect/questions-strip.tsx';

const NO_WARNINGS: readonly string[] = [];

/** What the engine warns of, a link that was lost after it once held, and the refusal of the last command. */
export function Notices() {
  const { view } = useApp();
  const refusal = useView((state) => state.notice);
  const told = useView((state) => state.told);
  const warnings = useRoom((state) => state.room?.engine.warnings ?? NO_WARNINGS);
  const lost = useRoom((state) => (state.link === 'lost' && state.room ? state.linkError : ''));
  return (
    <div className="notices">
      <div role="alert">
        {lost !== '' && (
          <p className="strip fault">
            <StatusGlyph status="lost" size={14} />
            <span>Not live: {lost}</span>
          </p>
        )}
        {refusal !== '' && (
          <p className="strip fault">
            <StatusGlyph status="failed" size={14} />
            <span>{refusal}</span>
            <button
              type="button"
              className="icon-button"
              aria-label="Dismiss"
              onClick={() => {
                view.setState({ notice: '' });
              }}
            >
              <Icon name="close" size={14} />
            </button>
          </p>
        )}
      </div>
      <div role="status">
        {told !== '' && (
          <p className="strip told">
            <StatusGlyph status="normal" size={14} named />
            <span>{told}</span>
            <button
              type="button"
              className="icon-button"
              aria-label="Dismiss"
              onClick={() => {
                view.setState({ told: '' });
              }}
            >
              <Icon name="close" size={14} />
            </button>
          </p>
        )}
      </div>
      <QuestionsStrip />
      {warnings.map((warning) => (
        <p className="strip" key={warning}>
          <StatusGlyph status="warning" size={14} />
          <span>{warning}</span>
        </p>
      ))}
    </div>
  );
}
