import { memo, useCallback, useEffect, useMemo, type KeyboardEvent, type ReactNode } from 'react';
import { ARMS, CAMERAS, SPECTROGRAPHS, type CameraName } from '#shared/domain/camera.ts';
import { CanvasLayer, useSize, type Draw } from '../../charts/canvas/canvas-layer.tsx';
import { colorTable, type ColorTable } from '../../charts/ccd/color-maps.ts';
import { composeImage } from '../../charts/ccd/compose.ts';
import type { CcdOptions } from '../../model/ccd-options.ts';
import { commonRange, rangeOf, type ValueRange } from '../../model/image-scale.ts';
import { fitView } from '../../model/image-view.ts';
import { formatValue } from '../../model/format.ts';
import { STATUS_WORDS, type Status } from '../../model/status.ts';
import { useApp, useRoom, useView } from '../../store/context.tsx';
import { Segmented } from '../../ui/controls.tsx';
import { StatusGlyph } from '../../ui/status-glyph.tsx';
import { themeInks } from './theme-inks.ts';
import { useContactSheet, type Contact, type ContactState } from './use-contact-sheet.ts';

const Picture = memo(function Picture({
  contact,
  range,
  table,
}: {
  contact: Contact;
  range: ValueRange;
  table: ColorTable;
}) {
  const [box, size] = useSize();
  const draw = useCallback<Draw>(
    (context, width, height) => {
      const ratio = context.getTransform().a;
      const screen = { width: Math.round(width * ratio), height: Math.round(height * ratio) };
      const pixels = context.createImageData(screen.width, screen.height);
      const { info, level, tile } = contact;
      const place = { level, column: 0, row: 0 };
      const image = {
        shape: info,
        places: [place],
        lookup: (at: { level: number }) => (at.level === level ? tile : undefined),
      };
      composeImage(new Uint32Array(pixels.data.buffer), screen, fitView(info, screen), image, range, table);
      context.putImageData(pixels, 0, 0);
    },
    [contact, range, table],
  );
  return (
    <div ref={box} className="sheet-picture">
      <CanvasLayer width={size.width} height={size.height} draw={draw} />
    </div>
  );
});

function Cell({
  camera,
  status,
  contact,
  range,
  table,
  isCurrent,
}: {
  camera: CameraName;
  status: Status;
  contact: ContactState;
  range: ValueRange | null;
  table: ColorTable;
  isCurrent: boolean;
}) {
  const { view } = useApp();
  return (
    <button
      type="button"
      role="gridcell"
      className={`sheet-cell${isCurrent ? ' on' : ''}`}
      data-camera={camera}
      data-state={contact.state}
      tabIndex={isCurrent ? 0 : -1}
      aria-label={`${camera}, ${STATUS_WORDS[status]}${contact.state === 'none' ? `, no image: ${contact.reason}` : ''}`}
      onClick={() => {
        view.setState(({ ccd }) => ({ camera, ccd: { ...ccd, mode: 'camera' } }));
      }}
      onFocus={() => {
        view.setState({ camera });
      }}
    >
      <span className="sheet-name">
        <StatusGlyph status={status} size={12} named />
        <b>{camera}</b>
        <i>{range ? `${formatValue(range.low)} \u2013 ${formatValue(range.high)}` : ''}</i>
      </span>
      {contact.state === 'there' && range ? (
        <Picture contact={contact.contact} range={range} table={table} />
      ) : (
        <span className="sheet-picture none">
          {contact.state === 'none' ? <em title={contact.reason}>no image</em> : null}
        </span>
      )}
    </button>
  );
}

/** All thirty cameras with one range of values, or each with its own. */
export function ContactSheet({
  runId,
  options,
  change,
  onImage,
}: {
  runId: number;
  options: CcdOptions;
  change: (change: Partial<CcdOptions>) => void;
  onImage: (words: ReactNode) => void;
}) {
  const { view } = useApp();
  const current = useView((state) => state.camera);
  const theme = useView((state) => state.theme);
  const cameras = useRoom((state) => state.cameras);
  const revisions = useMemo(
    () =>
      new Map(
        CAMERAS.map((camera) => {
          const { job } = cameras[camera];
          const preproc = job?.steps.find(({ step }) => step === 'preproc');
          return [camera, `${job?.attempt ?? 0} ${preproc?.endedAt ?? ''}`] as const;
        }),
      ),
    [cameras],
  );
  const contactOf = useContactSheet(runId, options.layer, options.reduction, revisions);
  const { map, inverse, transfer, common } = options;
  const table = useMemo(() => {
    const { nothing, outside } = themeInks(theme);
    return colorTable(map, inverse, transfer, { red: theme === 'red', nothing, outside });
  }, [map, inverse, transfer, theme]);
  const contacts = CAMERAS.map((camera) => [camera, contactOf(camera)] as const);
  const ranges = new Map(
    contacts.flatMap(([camera, one]) => {
      const range = one.state === 'there' ? rangeOf(one.contact.statistics, options) : null;
      return range ? [[camera, range] as const] : [];
    }),
  );
  const shared = commonRange([...ranges.values()]);
  const there = contacts.filter(([, { state }]) => state === 'there').length;
  const waiting = contacts.filter(([, { state }]) => state === 'waiting').length;

  useEffect(() => {
    onImage(<span>{waiting > 0 ? `${30 - waiting} of 30 read` : `${there} of 30 have an image`}</span>);
  }, [onImage, waiting, there]);
  const step = (event: KeyboardEvent): void => {
    const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -10, ArrowDown: 10 }[event.key];
    const next = by === undefined ? undefined : CAMERAS[CAMERAS.indexOf(current) + by];
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    view.setState({ camera: next });
    const grid = event.currentTarget;
    requestAnimationFrame(() => grid.querySelector<HTMLElement>(`[data-camera="${next}"]`)?.focus());
  };
  const [low, high] = [shared?.low ?? null, shared?.high ?? null];
  return (
    <section className="panel contact-sheet" aria-label="Contact sheet">
      <div className="panel-head">
        <h2>All cameras</h2>
        <span className="note">
          {common
            ? low === null
              ? ''
              : `one scale, ${formatValue(low)} to ${formatValue(high)}: the middle of all cameras' own`
            : 'each with its own scale'}
        </span>
        <span className="spring" />
        <Segmented
          label="Scale of the sheet"
          value={common ? 'common' : 'own'}
          options={[
            { value: 'common', text: 'One scale' },
            { value: 'own', text: 'Each its own' },
          ]}
          onChange={(value) => {
            change({ common: value === 'common' });
          }}
        />
        <Segmented
          label="Range"
          value={options.scale === 'manual' ? 'zscale' : options.scale}
          options={[
            { value: 'zscale', text: 'zscale' },
            { value: 'percent', text: `${options.share} %` },
            { value: 'minmax', text: 'Min\u2013max' },
          ]}
          onChange={(scale) => {
            change({ scale });
          }}
        />
      </div>
      <div className="sheet-grid" role="grid" tabIndex={-1} aria-label="Cameras" onKeyDown={step}>
        {ARMS.map((arm) => (
          <div role="row" key={arm} className="sheet-row">
            {SPECTROGRAPHS.map((spectrograph) => {
              const camera = `${arm}${spectrograph}` as const;
              return (
                <Cell
                  key={camera}
                  camera={camera}
                  status={cameras[camera].status}
                  contact={contactOf(camera)}
                  range={common ? shared : (ranges.get(camera) ?? null)}
                  table={table}
                  isCurrent={camera === current}
                />
              );
            })}
          </div>
        ))}
      </div>
    </section>
  );
}
