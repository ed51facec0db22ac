import type { RemoteRole } from '../domain/remote.ts';
import type { Result } from '../ipc/result.ts';
import type { EventBatch } from '../state/events.ts';

/** Where a page's socket is; it speaks MessagePack, one message a frame. */
export const LIVE_PATH = '/live';
/** Where a token becomes a session (POST, `{ token }`), and where one ends (DELETE). */
export const SESSION_PATH = '/session';
/** Where a page that is to be printed is, for a minute. */
export const PRINT_PATH = '/print/';

/** A call of the contract; `id` is the page's own number of it. */
export interface CallMessage {
  id: number;
  channel: string;
  request: unknown;
}

/** Files that the desktop would have asked where to save. */
export interface SavedFile {
  name: string;
  data: Uint8Array;
}

/** What the engine sends to a page. */
export type PushMessage =
  | { kind: 'hello'; role: RemoteRole; name: string; version: string }
  | { kind: 'answer'; id: number; result: Result<unknown>; files: SavedFile[]; print: string }
  | { kind: 'events'; batch: EventBatch };

type Binary = Float32Array | Float64Array | Uint8Array | Uint16Array | Int16Array | Int32Array | Uint32Array;
interface BinaryKind {
  readonly name: string;
  new (buffer: ArrayBuffer): Binary;
}

/** Place in the list + 1 is the array's number on the wire; only ever added to. */
const KINDS: readonly BinaryKind[] = [
  Float32Array,
  Float64Array,
  Uint8Array,
  Uint16Array,
  Int16Array,
  Int32Array,
  Uint32Array,
];

/** MessagePack extension of arrays of numbers and of plain bytes. */
export const ARRAY_EXTENSION = 1;

/** Number and bytes of an array, little-endian as all computers that run QLF; null where the value is none. */
export function packArray(value: unknown): Uint8Array | null {
  const isBuffer = value instanceof ArrayBuffer;
  if (!isBuffer && !ArrayBuffer.isView(value)) return null;
  const kind = isBuffer ? 0 : KINDS.findIndex((one) => value instanceof one) + 1;
  if (kind === 0 && !isBuffer) return null;
  const bytes = isBuffer ? new Uint8Array(value) : new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  const packed = new Uint8Array(1 + bytes.length);
  packed[0] = kind;
  packed.set(bytes, 1);
  return packed;
}

/** @throws RangeError for what `packArray` did not make */
export function unpackArray(packed: Uint8Array): Binary | ArrayBuffer {
  const kind = packed[0] ?? 0;
  const bytes = packed.slice(1).buffer;
  if (kind === 0) return bytes;
  const known = KINDS[kind - 1];
  if (!known) throw new RangeError(`array of unknown kind ${String(kind)}`);
  return new known(bytes);
}
