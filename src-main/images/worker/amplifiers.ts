import type { AmplifierArea } from '#shared/domain/image.ts';
import { ampIds, sectionOf } from '#shared/fits/ccd-sections.ts';
import type { Header } from '#shared/fits/header.ts';

/**
 * The amplifiers of a camera's image, after the sections of its header: in a raw image (nx × ny as read out) by DATASEC, in a
 * trimmed one by CCDSEC. None where the header has no sections, or sections that make no sense for this image.
 * @param nx full-size pixels
 * @param trimmed the image has no overscan any more
 */
export function amplifiersOf(header: Header, nx: number, ny: number, trimmed: boolean): AmplifierArea[] {
  try {
    return ampIds(header).flatMap((id) => {
      const ccd = sectionOf(header, `CCDSEC${id}`, nx, ny);
      if (trimmed) return ccd ? [{ id, data: ccd, ccd, bias: null }] : [];
      const data = sectionOf(header, `DATASEC${id}`, nx, ny);
      const bias = sectionOf(header, `BIASSEC${id}`, nx, ny);
      return ccd && data ? [{ id, data, ccd, bias: bias ?? null }] : [];
    });
  } catch {
    // An image can be looked at without its amplifiers.
    return [];
  }
}

/** Whether an image is trimmed: it is no larger than what its sections cover on the CCD. */
export function isTrimmed(header: Header, nx: number, ny: number): boolean {
  const far = { x: 0, y: 0 };
  for (const id of ['A', 'B', 'C', 'D', '1', '2', '3', '4']) {
    const match = /:\s*(\d+)\s*,\s*\d+\s*:\s*(\d+)/.exec(header.text(`CCDSEC${id}`) ?? '');
    far.x = Math.max(far.x, Number(match?.[1] ?? 0));
    far.y = Math.max(far.y, Number(match?.[2] ?? 0));
  }
  return far.x > 0 && nx <= far.x && ny <= far.y;
}
