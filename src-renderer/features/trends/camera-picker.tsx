import { ARMS, CAMERAS, SPECTROGRAPHS, armOf, spectrographOf, type CameraName } from '#shared/domain/camera.ts';
import { toggled } from '../../model/trends-view.ts';

/** All on where one was off; all of them off, but never the last camera, where all were on. */
function together(group: readonly CameraName[], chosen: readonly CameraName[]): CameraName[] {
  const isWhole = group.every((camera) => chosen.includes(camera));
  const next = isWhole ? chosen.filter((camera) => !group.includes(camera)) : [...chosen, ...group];
  return CAMERAS.filter((camera) => (next.length === 0 ? group : next).includes(camera));
}

/** The 30 cameras in their places; a letter takes an arm, a number a spectrograph, a double click one camera alone. */
export function CameraPicker({
  chosen,
  onChange,
}: {
  chosen: readonly CameraName[];
  onChange: (cameras: CameraName[]) => void;
}) {
  return (
    <fieldset className="camera-picker">
      <legend className="hidden">Cameras</legend>
      <div className="picker-row">
        <button
          type="button"
          aria-label="All cameras"
          onClick={() => {
            onChange([...CAMERAS]);
          }}
        >
          all
        </button>
        {SPECTROGRAPHS.map((spectrograph) => (
          <button
            type="button"
            key={spectrograph}
            aria-label={`Spectrograph ${spectrograph}`}
            onClick={() => {
              onChange(
                together(
                  CAMERAS.filter((camera) => spectrographOf(camera) === spectrograph),
                  chosen,
                ),
              );
            }}
          >
            {spectrograph}
          </button>
        ))}
      </div>
      {ARMS.map((arm) => (
        <div className="picker-row" key={arm}>
          <button
            type="button"
            aria-label={`Arm ${arm}`}
            onClick={() => {
              onChange(
                together(
                  CAMERAS.filter((camera) => armOf(camera) === arm),
                  chosen,
                ),
              );
            }}
          >
            {arm}
          </button>
          {CAMERAS.filter((camera) => armOf(camera) === arm).map((camera) => (
            <button
              type="button"
              key={camera}
              className="pick"
              aria-label={camera}
              aria-pressed={chosen.includes(camera)}
              onClick={() => {
                onChange(toggled(CAMERAS, chosen, camera));
              }}
              onDoubleClick={() => {
                onChange([camera]);
              }}
            />
          ))}
        </div>
      ))}
    </fieldset>
  );
}
