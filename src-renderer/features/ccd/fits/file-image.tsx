import { useCallback, useEffect, useMemo, useState, type ReactNode } from 'react';
import type { FitsFile, FitsHdu, ImageSource } from '#shared/domain/image.ts';
import type { CcdOptions } from '../../../model/ccd-options.ts';
import { rangeOf, type ValueRange } from '../../../model/image-scale.ts';
import { Button } from '../../../ui/controls.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { StateNote } from '../../../ui/panel.tsx';
import { StatusGlyph } from '../../../ui/status-glyph.tsx';
import { useShortcuts } from '../../shell/shortcuts.ts';
import { ImageViewer, type ViewerHandle } from '../image-viewer.tsx';
import { ImageWords } from '../image-words.tsx';
import { PixelPanel } from '../pixel-panel.tsx';
import { ScalePanel } from '../scale-panel.tsx';
import { StatisticsPanel } from '../statistics-panel.tsx';
import { imageKeys } from '../use-ccd-shortcuts.ts';
import { useImageLibrary, useNumbers, useOpenImage } from '../use-images.ts';
import { useProbe, type Place } from '../use-pixel.ts';

const nothing = (): void => undefined;

/** The image of an HDU of an opened file. */
export function FileImage({
  file,
  hdu,
  options,
  change,
  onImage,
}: {
  file: FitsFile;
  hdu: FitsHdu;
  options: CcdOptions;
  change: (change: Partial<CcdOptions>) => void;
  onImage: (words: ReactNode) => void;
}) {
  const library = useImageLibrary();
  const [viewer, setViewer] = useState<ViewerHandle | null>(null);
  const [plane, setPlane] = useState(0);
  const [place, setPlace] = useState<Place | null>(null);
  const [zoom, setZoom] = useState(0);
  const source: ImageSource = { kind: 'file', file: file.file, hdu: hdu.index, plane };
  const { image, ...opened } = useOpenImage(library, source, '');
  const { statistics, forPicture, ...numbers } = useNumbers(image);
  const error = opened.error || numbers.error;
  const range = useMemo(() => (forPicture ? rangeOf(forPicture, options) : null), [forPicture, options]);
  const probe = useProbe(image, place, options.profiles);
  const planes = image?.info.planes ?? 1;
  useShortcuts({
    ...imageKeys(viewer),
    q: () => {
      change({ inverse: !options.inverse });
    },
    l: () => {
      change({ profiles: !options.profiles });
    },
  });
  const onRange = useCallback(
    (manual: ValueRange): void => {
      change({ scale: 'manual', manual });
    },
    [change],
  );
  useEffect(() => {
    onImage(image ? <ImageWords image={image.info} zoom={zoom} /> : null);
    return () => {
      onImage(null);
    };
  }, [onImage, image, zoom]);
  return (
    <div className="file-image">
      <div className="file-picture">
        <ImageViewer
          ref={setViewer}
          image={image}
          other={null}
          mask={null}
          traces={null}
          options={options}
          range={range}
          fiber={null}
          place={place}
          probe={probe}
          caption={`Image of HDU ${hdu.index} ${hdu.name} of ${file.name}`}
          onPlace={setPlace}
          onZoom={setZoom}
          onRange={onRange}
          onPick={nothing}
        />
        {error !== '' && (
          <div className="image-state">
            <StateNote glyph={<StatusGlyph status="failed" size={16} named />} title="This image cannot be shown">
              {error}
            </StateNote>
          </div>
        )}
        {statistics && !range && (
          <div className="image-state">
            <StateNote glyph={<StatusGlyph status="unknown" size={16} named />} title="No pixel has a value">
              Every pixel of this image is undefined.
            </StateNote>
          </div>
        )}
      </div>
      <div className="ccd-side">
        {planes > 1 && (
          <div className="panel-row planes">
            <Button
              small
              label="Plane before"
              disabled={plane === 0}
              onClick={() => {
                setPlane(plane - 1);
              }}
            >
              <Icon name="left" size={14} />
            </Button>
            <span>
              Plane {plane} of {planes}
            </span>
            <Button
              small
              label="Plane after"
              disabled={plane >= planes - 1}
              onClick={() => {
                setPlane(plane + 1);
              }}
            >
              <Icon name="right" size={14} />
            </Button>
          </div>
        )}
        <ScalePanel
          statistics={statistics}
          range={statistics && range}
          unit={image?.info.unit ?? ''}
          options={options}
          onChange={change}
        />
        <PixelPanel info={image?.info ?? null} place={place} probe={probe} traces={null} isMask={false} />
        <StatisticsPanel statistics={statistics} unit={image?.info.unit ?? ''} />
      </div>
    </div>
  );
}
