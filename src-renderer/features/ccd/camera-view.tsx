import { useCallback, useEffect, useMemo, useState, type ReactNode } from 'react';
import type { CameraName } from '#shared/domain/camera.ts';
import { expid8, type Exposure } from '#shared/domain/exposure.ts';
import type { ImageLayer, ImageSource } from '#shared/domain/image.ts';
import type { CcdOptions } from '../../model/ccd-options.ts';
import { rangeOf, type ValueRange } from '../../model/image-scale.ts';
import { pixelFacts } from '../../model/pixel-words.ts';
import { useRoom, useView } from '../../store/context.tsx';
import { useChooseFiber } from '../../store/fiber-choice.ts';
import { StateNote } from '../../ui/panel.tsx';
import { StatusGlyph } from '../../ui/status-glyph.tsx';
import { ImageViewer, type ViewerHandle } from './image-viewer.tsx';
import { ImageWords } from './image-words.tsx';
import { PixelPanel } from './pixel-panel.tsx';
import { ScalePanel } from './scale-panel.tsx';
import { ShowPanel, type BlinkState } from './show-panel.tsx';
import { StatisticsPanel } from './statistics-panel.tsx';
import { useCcdShortcuts } from './use-ccd-shortcuts.ts';
import { useImageLibrary, useNumbers, useOpenImage, useTraces } from './use-images.ts';
import { useProbe, type Place } from './use-pixel.ts';

const NO_EXPOSURES: readonly Exposure[] = [];

/** Exposures with a run, but for the one on screen. */
function usePartners(expid: number | undefined): readonly Exposure[] {
  const exposures = useRoom((state) => state.room?.exposures ?? NO_EXPOSURES);
  return useMemo(
    () => exposures.filter((exposure) => exposure.lastRunId !== null && exposure.expid !== expid),
    [exposures, expid],
  );
}

/** Which of two exposures is on screen while they blink. */
function useBlink(on: boolean, periodMs: number): boolean {
  const [second, setSecond] = useState(false);
  useEffect(() => {
    if (!on) return;
    const timer = setInterval(() => {
      setSecond((before) => !before);
    }, periodMs);
    return () => {
      clearInterval(timer);
      setSecond(false);
    };
  }, [on, periodMs]);
  return on && second;
}

/** Changes when the files of a camera in the run on screen do. */
function useRevision(camera: CameraName): string {
  const job = useRoom((state) => state.cameras[camera].job);
  const preproc = job?.steps.find(({ step }) => step === 'preproc');
  return `${job?.attempt ?? 0} ${preproc?.endedAt ?? ''} ${job?.state === 'done' ? 'done' : ''}`;
}

function Problem({ error, camera }: { error: string; camera: CameraName }) {
  if (error !== '') {
    return (
      <div className="image-state">
        <StateNote glyph={<StatusGlyph status="missing" size={16} named />} title={`No image of ${camera}`}>
          {error}
        </StateNote>
      </div>
    );
  }
  return null;
}

/** The image of one camera of the run on screen, with everything that can be asked of it. */
export function CameraView({
  runId,
  expid,
  options,
  change,
  onImage,
}: {
  runId: number;
  expid: number;
  options: CcdOptions;
  change: (change: Partial<CcdOptions>) => void;
  /** What the header says of the image: which one it is, and how large it is drawn. */
  onImage: (words: ReactNode) => void;
}) {
  const camera = useView((view) => view.camera);
  const fiber = useView((view) => view.fiber);
  const chooseFiber = useChooseFiber();
  const library = useImageLibrary();
  const revision = useRevision(camera);
  const [viewer, setViewer] = useState<ViewerHandle | null>(null);
  const [pointed, setPointed] = useState<{ shape: string; place: Place | null }>({ shape: '', place: null });
  const [blink, setBlink] = useState<BlinkState>({ partner: null, on: false });
  const partners = usePartners(expid);
  const partner =
    partners.find((one) => one.expid === blink.partner) ?? partners.find((one) => one.expid < expid) ?? partners[0];
  const blinking = blink.on && partner !== undefined;

  const source = (id: number, layer: ImageLayer): ImageSource => ({ kind: 'run', runId: id, camera, layer });
  const first = useOpenImage(library, source(runId, options.layer), revision);
  const second = useOpenImage(
    library,
    blinking && partner.lastRunId !== null ? source(partner.lastRunId, options.layer) : null,
    '',
  );
  const wantsMask = options.mask && options.layer === 'preproc';
  const mask = useOpenImage(library, wantsMask ? source(runId, 'mask') : null, revision);
  const showsSecond = useBlink(blinking && second.image !== null, options.blinkMs);
  const image = showsSecond ? second.image : first.image;
  const { traces, reason } = useTraces(runId, camera, revision);
  // A place in one image is none in an image of another shape.
  const shape = image ? [image.info.nx, image.info.ny, image.info.binning].join(' ') : '';
  const place = pointed.shape === shape ? pointed.place : null;
  const setPlace = useCallback(
    (next: Place | null): void => {
      setPointed({ shape, place: next });
    },
    [shape],
  );
  // Both exposures are drawn with the range of the first.
  const { statistics, forPicture, error } = useNumbers(first.image);
  const range = useMemo(() => (forPicture ? rangeOf(forPicture, options) : null), [forPicture, options]);
  const ofShown = useNumbers(image).statistics;
  const probe = useProbe(image, place, options.profiles);

  const onRange = useCallback(
    (manual: ValueRange): void => {
      change({ scale: 'manual', manual });
    },
    [change],
  );
  const pick = (at: Place | null): void => {
    if (!image || !at) return;
    const found = pixelFacts(image.info, traces, at.x, at.y).fiber;
    if (found !== null) chooseFiber(found);
  };
  useCcdShortcuts({
    viewer,
    options,
    change,
    blink: () => {
      if (partner) setBlink((state) => ({ ...state, on: !state.on }));
    },
    choose: () => {
      pick(place);
    },
  });
  const [zoom, setZoom] = useState(0);
  const shownExpid = showsSecond && partner ? partner.expid : expid;
  useEffect(() => {
    onImage(image ? <ImageWords image={image.info} zoom={zoom} /> : null);
  }, [onImage, image, zoom]);

  const maskNote =
    options.layer !== 'preproc'
      ? 'The mask belongs to the preprocessed image.'
      : mask.error !== ''
        ? mask.error
        : mask.image
          ? 'Pixels with any bit of the mask, in orange.'
          : '';
  return (
    <>
      <section className="panel image-panel" aria-label={`Image of ${camera}`}>
        <ImageViewer
          ref={setViewer}
          image={image}
          other={blinking ? (showsSecond ? first.image : second.image) : null}
          mask={wantsMask ? mask.image : null}
          traces={options.traces || fiber !== null ? traces : null}
          options={options}
          range={range}
          fiber={fiber}
          place={place}
          probe={probe}
          caption={`${options.layer} image of ${camera}, exposure ${expid8(shownExpid)}`}
          onPlace={setPlace}
          onZoom={setZoom}
          onRange={onRange}
          onPick={pick}
        />
        {blinking && (
          <p className="blink-name" role="status" aria-live="off">
            <b>{expid8(shownExpid)}</b> {second.error === '' ? '' : second.error}
          </p>
        )}
        <Problem error={first.error || error} camera={camera} />
      </section>
      <div className="ccd-side">
        <ScalePanel
          statistics={statistics}
          range={statistics && range}
          unit={image?.info.unit ?? ''}
          options={options}
          onChange={change}
        />
        <PixelPanel
          info={image?.info ?? null}
          place={place}
          probe={probe}
          traces={traces}
          isMask={options.layer === 'mask'}
        />
        <StatisticsPanel statistics={ofShown} unit={image?.info.unit ?? ''} />
        <ShowPanel
          options={options}
          onChange={change}
          tracesNote={traces ? `Traces of ${traces.from}` : reason}
          maskNote={maskNote}
          blink={{ partner: partner?.expid ?? null, on: blinking }}
          exposures={partners}
          onBlink={(state) => {
            setBlink((before) => ({ ...before, ...state }));
          }}
        />
      </div>
    </>
  );
}
