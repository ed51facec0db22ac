import { expect, it } from 'vitest';
import { REMOTE_ROLES } from '../domain/remote.ts';
import { CHANNELS } from '../ipc/channels.ts';
import { leastRole, mayCall } from './permissions.ts';
import { packArray, unpackArray } from './wire.ts';

it.each([
  new Float32Array([1.5, -0, NaN, Infinity]),
  new Float64Array([Number.MIN_VALUE, NaN]),
  new Uint8Array([0, 255]),
  new Uint16Array([1, 65_535]),
  new Int16Array([-32_768, 7]),
  new Int32Array([-2_147_483_648]),
  new Uint32Array([4_294_967_295]),
  new Float32Array(0),
])('an array comes as it went: %o', (array) => {
  const packed = packArray(array);
  expect(unpackArray(packed ?? new Uint8Array())).toEqual(array);
});

it('a part of a buffer comes without the rest, and bytes stay bytes', () => {
  const buffer = new ArrayBuffer(32);
  new Uint8Array(buffer).fill(7);
  const part = new Float32Array(buffer, 8, 2);
  expect(packArray(part)?.length).toBe(9);
  const bytes = unpackArray(packArray(buffer) ?? new Uint8Array());
  expect(bytes).toBeInstanceOf(ArrayBuffer);
  expect(new Uint8Array(bytes as ArrayBuffer)).toEqual(new Uint8Array(buffer));
});

it('what is no array is left to others, and an unknown kind is refused', () => {
  for (const value of [null, 1, 'x', {}, [1], new DataView(new ArrayBuffer(8))]) expect(packArray(value)).toBeNull();
  expect(() => unpackArray(new Uint8Array([99, 1]))).toThrow('unknown kind 99');
});

it('every role may what those before it may, and nobody what is for the desk', () => {
  for (const channel of CHANNELS) {
    const may = REMOTE_ROLES.map((role) => mayCall(role, channel));
    expect(may).toEqual([...may].sort());
    if (leastRole(channel) === 'desk') expect(may).toEqual([false, false, false]);
    else expect(may.at(-1)).toBe(true);
  }
});
