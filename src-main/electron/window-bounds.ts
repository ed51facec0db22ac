import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import Type, { type Static } from 'typebox';
import { Value } from 'typebox/value';

const Coordinate = Type.Integer({ minimum: -100_000, maximum: 100_000 });
const BoundsSchema = Type.Object({ x: Coordinate, y: Coordinate, width: Coordinate, height: Coordinate });
/** A rectangle on the desktop, px. */
export type Bounds = Static<typeof BoundsSchema>;

const WindowPlaceSchema = Type.Object({ bounds: BoundsSchema, maximized: Type.Boolean() });
/** Where the window stood when it was last closed. */
export type WindowPlace = Static<typeof WindowPlaceSchema>;

/** px of the window that must be on a screen, so that one can take hold of it. */
const GRASP = 80;

/** Whether enough of a window's top edge is on one of the screens. */
export function isReachable(bounds: Bounds, screens: readonly Bounds[]): boolean {
  return screens.some((screen) => {
    const across = Math.min(bounds.x + bounds.width, screen.x + screen.width) - Math.max(bounds.x, screen.x);
    return across >= GRASP && bounds.y >= screen.y && bounds.y <= screen.y + screen.height - GRASP;
  });
}

/** The place kept in `file`; undefined where there is none, or none that makes sense. */
export function readWindowPlace(file: string): WindowPlace | undefined {
  try {
    const place: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return Value.Check(WindowPlaceSchema, place) ? place : undefined;
  } catch {
    return undefined;
  }
}

export function writeWindowPlace(file: string, place: WindowPlace): void {
  writeFileSync(`${file}.new`, JSON.stringify(place));
  renameSync(`${file}.new`, file);
}
