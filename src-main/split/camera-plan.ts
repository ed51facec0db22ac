import type { CameraName } from '#shared/domain/camera.ts';
import type { Hdu } from '#shared/fits/hdu.ts';

/**
 * A part of a camera's file: bytes of our own, or a range of the source file that is copied as it is; where the range is an
 * HDU to be verified, its bytes must have the sums that its DATASUM and CHECKSUM say.
 */
export type Piece =
  { kind: 'bytes'; bytes: Uint8Array } | { kind: 'range'; offset: number; length: number; verified?: Hdu };

/** What becomes of one camera: a file to be written, or the reason why it cannot be. */
export type CameraPlan =
  { camera: CameraName; ok: true; name: string; pieces: Piece[] } | { camera: CameraName; ok: false; reason: string };

export function lengthOf(piece: Piece): number {
  return piece.kind === 'bytes' ? piece.bytes.length : piece.length;
}

export function totalLength(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, piece) => sum + lengthOf(piece), 0);
}
