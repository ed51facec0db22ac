import { useCallback, useRef, type KeyboardEvent } from 'react';
import { ARMS, SPECTROGRAPHS, armOf, spectrographOf, type CameraName } from '#shared/domain/camera.ts';
import { useApp, useView } from '../../store/context.tsx';
import { CameraCell } from './camera-cell.tsx';
import { useOpenCamera } from './use-verdict.ts';

const MOVES: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
};

/** The camera one step away, staying inside the grid. */
export function neighbour(camera: CameraName, [rows, columns]: readonly [number, number]): CameraName {
  const arm = ARMS[Math.min(ARMS.length - 1, Math.max(0, ARMS.indexOf(armOf(camera)) + rows))] ?? 'b';
  const spectrograph = Math.min(9, Math.max(0, spectrographOf(camera) + columns));
  return `${arm}${spectrograph}` as CameraName;
}

/** 30 cameras, arms by spectrographs, always in the same places. One of them holds the keyboard; arrows move it. */
export function CameraGrid() {
  const { view } = useApp();
  const focused = useView((state) => state.camera);
  const openCamera = useOpenCamera();
  const grid = useRef<HTMLDivElement>(null);

  const focus = useCallback(
    (camera: CameraName) => {
      view.setState({ camera });
    },
    [view],
  );
  const open = useCallback(
    (camera: CameraName) => {
      openCamera(camera);
    },
    [openCamera],
  );

  const onKeyDown = (event: KeyboardEvent): void => {
    const target = event.target as Element;
    if (target.closest('button')) return;
    const move = MOVES[event.key];
    const next =
      event.key === 'Home'
        ? (`${armOf(focused)}0` as const)
        : event.key === 'End'
          ? (`${armOf(focused)}9` as const)
          : move && neighbour(focused, move);
    if (next) {
      event.preventDefault();
      grid.current?.querySelector<HTMLElement>(`[data-camera="${next}"]`)?.focus();
    } else if (event.key === 'r' || event.key === 'R') {
      grid.current?.querySelector<HTMLButtonElement>(`[data-camera="${focused}"] button`)?.click();
    }
  };

  return (
    <div
      ref={grid}
      className="grid"
      role="grid"
      aria-label="Cameras"
      aria-colcount={11}
      onKeyDown={onKeyDown}
      tabIndex={-1}
    >
      <div role="row" className="grid-row">
        <span role="columnheader">
          <span className="hidden">Arm</span>
        </span>
        {SPECTROGRAPHS.map((spectrograph) => (
          <span
            key={spectrograph}
            role="columnheader"
            className="column-head"
            aria-label={`Spectrograph ${spectrograph}`}
          >
            {spectrograph}
          </span>
        ))}
      </div>
      {ARMS.map((arm) => (
        <div role="row" key={arm} className="grid-row">
          <span role="rowheader" className="row-head">
            {arm}
          </span>
          {SPECTROGRAPHS.map((spectrograph) => {
            const camera = `${arm}${spectrograph}` as const;
            return (
              <CameraCell
                key={camera}
                camera={camera}
                column={spectrograph + 2}
                focusable={camera === focused}
                onOpen={open}
                onFocus={focus}
              />
            );
          })}
        </div>
      ))}
    </div>
  );
}
