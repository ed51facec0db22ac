import { decode, encode, ExtensionCodec } from '@msgpack/msgpack';
import { ARRAY_EXTENSION, packArray, unpackArray, type PushMessage } from '#shared/remote/wire.ts';

const extensionCodec = new ExtensionCodec();
extensionCodec.register({ type: ARRAY_EXTENSION, encode: packArray, decode: unpackArray });

/** Most members of a list or a map, and most levels, that a page may send. */
const LIMITS = { maxArrayLength: 200_000, maxMapLength: 10_000, maxStrLength: 4_000_000, maxBinLength: 4_000_000 };

export function encodePush(message: PushMessage): Uint8Array {
  return encode(message, { extensionCodec, ignoreUndefined: true, maxDepth: 100 });
}

/** @throws Error for bytes that are no MessagePack */
export function decodeCall(bytes: Uint8Array): unknown {
  return decode(bytes, { ...LIMITS, maxExtLength: 0 });
}
