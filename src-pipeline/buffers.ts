/** Where large arrays come from. Their contents are whatever was there before: whoever asks fills them. */
export interface BufferSource {
  float32(name: string, length: number): Float32Array;
  uint8(name: string, length: number): Uint8Array;
}

/** New arrays every time. */
export const FRESH_BUFFERS: BufferSource = {
  float32: (_name, length) => new Float32Array(length),
  uint8: (_name, length) => new Uint8Array(length),
};

/**
 * Arrays that one job after another uses: memory that the system hands out anew costs more time than computing in it. An
 * array belongs to the job that asked last; the one before must have ended.
 */
export function createBufferPool(): BufferSource {
  const floats = new Map<string, Float32Array>();
  const bytes = new Map<string, Uint8Array>();
  return {
    float32: (name, length) => reuse(floats, name, length, () => new Float32Array(length)),
    uint8: (name, length) => reuse(bytes, name, length, () => new Uint8Array(length)),
  };
}

function reuse<T extends { length: number }>(pool: Map<string, T>, name: string, length: number, make: () => T): T {
  const kept = pool.get(name);
  if (kept?.length === length) return kept;
  const made = make();
  pool.set(name, made);
  return made;
}
