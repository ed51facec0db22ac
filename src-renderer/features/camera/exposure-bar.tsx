import { expid8 } from '#shared/domain/exposure.ts';
import { useApp, useRoom } from '../../store/context.tsx';
import { Icon } from '../../ui/icon.tsx';
import { useShownExposure } from '../monitor/use-verdict.ts';
import { useStepExposure } from './use-camera-shortcuts.ts';

/** Which exposure the camera screen is about, with the way to its neighbours. */
export function ExposureBar() {
  const { room } = useApp();
  const exposure = useShownExposure();
  const past = useRoom((state) => state.past !== null);
  const step = useStepExposure();
  if (!exposure) return null;
  const words = [exposure.flavor, exposure.program, exposure.tileid === null ? null : `tile ${exposure.tileid}`];
  return (
    <div className="exposure-bar">
      <button
        type="button"
        className="icon-button"
        aria-label="Older exposure"
        title="Older exposure ( [ )"
        onClick={step(-1)}
      >
        <Icon name="left" size={18} />
      </button>
      <b>{expid8(exposure.expid)}</b>
      <span>{words.filter((word) => word !== null).join(', ')}</span>
      <button
        type="button"
        className="icon-button"
        aria-label="Newer exposure"
        title="Newer exposure ( ] )"
        onClick={step(1)}
      >
        <Icon name="right" size={18} />
      </button>
      {past && (
        <button
          type="button"
          className="button small"
          onClick={() => {
            room.showLive();
          }}
        >
          Newest exposure
        </button>
      )}
    </div>
  );
}
