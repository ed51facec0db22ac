import type { FootprintAnswer, ObservedTile } from '#shared/domain/footprint.ts';
import type { CanvasFigure, CanvasText, Ink, Marks, Path } from '../canvas/canvas-figure.ts';
import { graticule, mollweide } from './sky-projection.ts';

/** A tile on the map: planned, observed, or both. */
export interface SkyTile {
  tileid: number;
  /** deg */
  ra: number;
  dec: number;
  program: string | null;
  observed: ObservedTile | null;
}

/** How much of a tile there is: planned only, then one exposure, two or three, more. */
export const DEPTHS = [
  { from: 1, text: '1 exposure', ink: 'd1' },
  { from: 2, text: '2 or 3', ink: 'd2' },
  { from: 4, text: '4 and more', ink: 'd3' },
] as const satisfies readonly { from: number; text: string; ink: Ink }[];

/**
 * All tiles that have a place on the sky, of one program or of all. A planned tile's own coordinates count before where the
 * telescope pointed.
 */
export function skyTiles({ planned, observed }: FootprintAnswer, program: string | null): SkyTile[] {
  const taken = new Map(observed.map((tile) => [tile.tileid, tile]));
  const tiles = planned.map(({ tileid, ra, dec, program: own }): SkyTile => ({
    tileid,
    ra,
    dec,
    program: own,
    observed: taken.get(tileid) ?? null,
  }));
  const listed = new Set(planned.map(({ tileid }) => tileid));
  for (const tile of observed) {
    const { tileid, ra, dec } = tile;
    if (listed.has(tileid) || ra === null || dec === null) continue;
    tiles.push({ tileid, ra, dec, program: tile.program, observed: tile });
  }
  return program === null
    ? tiles
    : tiles.filter((tile) => tile.program === program || tile.observed?.program === program);
}

/** Places in `tiles` of each group of marks: planned only, then the depths. */
export function tileGroups(tiles: readonly SkyTile[]): number[][] {
  const groups: number[][] = [[], ...DEPTHS.map(() => [])];
  tiles.forEach(({ observed }, i) => {
    const n = observed?.exposures ?? 0;
    const depth = DEPTHS.reduce((found, { from }, d) => (n >= from ? d + 1 : found), 0);
    groups[depth]?.push(i);
  });
  return groups;
}

const DEGREE = '\u00b0';

function lines(): { paths: Path[]; texts: CanvasText[] } {
  const { meridians, parallels, outline } = graticule();
  const path = (line: [number, number][], ink: Ink): Path => ({
    x: line.map(([x]) => x),
    y: line.map(([, y]) => y),
    ink,
    width: 1,
  });
  return {
    paths: [
      ...meridians.map(({ line }) => path(line, 'faint')),
      ...parallels.map(({ line }) => path(line, 'faint')),
      path(outline, 'quiet'),
    ],
    texts: [
      ...meridians
        .filter(({ ra }) => ra % 60 === 0)
        .map(({ ra }): CanvasText => ({ ...mollweide(ra, -36), text: `${ra}${DEGREE}`, align: 'center' })),
      ...parallels
        .filter(({ dec }) => dec !== 0)
        .map(({ dec, line }): CanvasText => {
          const [x = 0, y = 0] = line[0] ?? [];
          const text = `${dec > 0 ? '+' : '\u2212'}${Math.abs(dec)}${DEGREE}`;
          return { x: x + (x < 0 ? -0.03 : 0.03), y, text, align: x < 0 ? 'right' : 'left' };
        }),
    ],
  };
}

/** Longest side of the map that shows all of it: x −2.2 … 2.2. */
const WHOLE = { x: [-2.2, 2.2], y: [-1.05, 1.05] } satisfies Record<string, [number, number]>;

/** Planned and observed tiles on the sky, right ascension to the left, degrees. Pure. */
export function footprintFigure(
  tiles: readonly SkyTile[],
  chosen: number | null,
  zoom: { x: [number, number]; y: [number, number] } | null,
): CanvasFigure {
  const { paths, texts } = lines();
  const area = zoom ?? WHOLE;
  // Tiles are 1.6° in radius; on the map a degree is a ninetieth of its half height.
  const close = zoom ? Math.min(4, 4.4 / (zoom.x[1] - zoom.x[0])) : 1;
  const marks = tileGroups(tiles).map((places, group): Marks => {
    const at = places.map((i) => mollweide(tiles[i]?.ra ?? 0, tiles[i]?.dec ?? 0));
    return {
      group,
      x: at.map(({ x }) => x),
      y: at.map(({ y }) => y),
      shape: group === 0 ? 'ring' : group === 1 ? 'dot' : group === 2 ? 'square' : 'diamond',
      ink: group === 0 ? 'faint' : (DEPTHS[group - 1]?.ink ?? 'd1'),
      size: (group === 0 ? 1.3 : 3.4) * (close > 1 ? 1 + close / 2 : 1),
    };
  });
  const own = tiles.find(({ tileid }) => tileid === chosen);
  const ring: Marks[] = own
    ? [
        {
          group: marks.length,
          x: [mollweide(own.ra, own.dec).x],
          y: [mollweide(own.ra, own.dec).y],
          shape: 'ring',
          ink: 'strong',
          size: 9,
        },
      ]
    : [];
  return {
    title: 'Tiles on the sky, Mollweide projection, right ascension to the left',
    columns: 1,
    map: true,
    panels: [
      {
        title: '',
        x: { range: area.x, ticks: [], title: '' },
        y: { range: area.y, ticks: [], title: '' },
        areas: [],
        paths,
        marks: [...marks, ...ring],
        texts,
        dividers: [],
      },
    ],
  };
}
