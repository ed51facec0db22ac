import { decode, encode, ExtensionCodec } from '@msgpack/msgpack';
import { ARRAY_EXTENSION, packArray, unpackArray, type CallMessage, type PushMessage } from '#shared/remote/wire.ts';

const extensionCodec = new ExtensionCodec();
extensionCodec.register({ type: ARRAY_EXTENSION, encode: packArray, decode: unpackArray });

export function encodeCall(message: CallMessage): Uint8Array<ArrayBuffer> {
  return encode(message, { ignoreUndefined: true });
}

/** What the server sends is its own: it is as typed as the contract. */
export function decodePush(bytes: ArrayBuffer): PushMessage {
  return decode(bytes, { extensionCodec }) as PushMessage;
}
