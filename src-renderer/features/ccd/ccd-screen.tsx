import { Suspense, lazy, useCallback, useState, type ReactNode } from 'react';
import { IMAGE_LAYERS, type ImageLayer } from '#shared/domain/image.ts';
import type { CcdMode, CcdOptions } from '../../model/ccd-options.ts';
import { useApp, useRoom, useView } from '../../store/context.tsx';
import { shownRun } from '../../store/control-room.ts';
import { Segmented } from '../../ui/controls.tsx';
import { StatusGlyph } from '../../ui/status-glyph.tsx';
import { MiniGrid } from '../camera/camera-header.tsx';
import { CameraView } from './camera-view.tsx';
import { ContactSheet } from './contact-sheet.tsx';
import './ccd.css';

const FitsViewer = lazy(() => import('./fits/fits-viewer.tsx').then((module) => ({ default: module.FitsViewer })));

const LAYER_WORDS: Readonly<Record<ImageLayer, string>> = { raw: 'Raw', preproc: 'Preprocessed', mask: 'Mask' };
const MODES: readonly { value: CcdMode; text: string }[] = [
  { value: 'camera', text: 'Camera' },
  { value: 'sheet', text: 'All 30' },
  { value: 'file', text: 'FITS file' },
];

function Head({
  options,
  change,
  hasRun,
  words,
}: {
  options: CcdOptions;
  change: (change: Partial<CcdOptions>) => void;
  hasRun: boolean;
  words: ReactNode;
}) {
  const camera = useView((view) => view.camera);
  const status = useRoom((state) => state.cameras[camera].status);
  const isFile = options.mode === 'file' || !hasRun;
  return (
    <section className="panel ccd-head" aria-label="What is shown">
      {!isFile && (
        <h1 className="ccd-name">
          <StatusGlyph status={status} size={30} />
          {options.mode === 'sheet' ? 'All' : camera}
        </h1>
      )}
      {isFile && <h1 className="ccd-name">FITS file</h1>}
      <div className="ccd-choices">
        <div>
          {hasRun && (
            <Segmented
              label="Show"
              value={options.mode}
              options={MODES}
              onChange={(mode) => {
                change({ mode });
              }}
            />
          )}
          {!isFile && (
            <Segmented
              label="Layer"
              value={options.layer}
              options={IMAGE_LAYERS.map((layer) => ({ value: layer, text: LAYER_WORDS[layer] }))}
              onChange={(layer) => {
                change({ layer });
              }}
            />
          )}
        </div>
        <p className="ccd-words">{words}</p>
      </div>
      {!isFile && <MiniGrid camera={camera} />}
    </section>
  );
}

/** The images of the CCDs, and any FITS file. */
export function CcdScreen() {
  const { view } = useApp();
  const options = useView((state) => state.ccd);
  const run = useRoom((state) => shownRun(state)?.run);
  const [words, setWords] = useState<ReactNode>(null);
  const change = useCallback(
    (part: Partial<CcdOptions>): void => {
      view.setState(({ ccd }) => ({ ccd: { ...ccd, ...part } }));
    },
    [view],
  );
  const mode = run ? options.mode : 'file';
  return (
    <div className={`ccd-screen ${mode}`}>
      <Head options={options} change={change} hasRun={run !== undefined} words={words} />
      {run && mode === 'camera' && (
        <CameraView runId={run.id} expid={run.expid} options={options} change={change} onImage={setWords} />
      )}
      {run && mode === 'sheet' && <ContactSheet runId={run.id} options={options} change={change} onImage={setWords} />}
      {mode === 'file' && (
        <Suspense fallback={<div aria-busy="true" />}>
          <FitsViewer options={options} change={change} onImage={setWords} />
        </Suspense>
      )}
    </div>
  );
}
