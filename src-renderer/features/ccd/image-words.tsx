import type { ImageInfo, ImageOrigin } from '#shared/domain/image.ts';

const ORIGINS: Readonly<Record<ImageOrigin, string>> = {
  'camera-file': 'camera file',
  'exposure-file': 'exposure file',
  preproc: 'full preprocessed image',
  'preproc-binned': 'binned product',
  file: '',
};

/** 'means of 4 × 4 pixels': what is lost, where something is. */
function binningWords({ binning }: ImageInfo): string {
  return binning > 1 ? `, means of ${binning} \u00d7 ${binning} pixels` : '';
}

/** Magnification as people say it. */
export function zoomWords(zoom: number): string {
  if (zoom <= 0) return '';
  const percent = zoom * 100;
  return `${percent >= 100 ? Math.round(percent) : percent.toPrecision(2)} %`;
}

/** Which image is on screen, and how large it is drawn. */
export function ImageWords({ image, zoom }: { image: ImageInfo; zoom: number }) {
  const origin = ORIGINS[image.origin];
  return (
    <>
      <span className="origin" title={image.fileName}>
        {origin === '' ? image.fileName : `${origin}${binningWords(image)}`}
      </span>
      <span>
        {image.nx} {'\u00d7'} {image.ny}, {image.pixelType}
      </span>
      <span className="zoom" data-zoom={zoom}>
        {zoomWords(zoom)}
      </span>
    </>
  );
}
