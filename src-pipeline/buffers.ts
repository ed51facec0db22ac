import { createImageMemory, type ImageKernel } from './kernel/image-memory.ts';

/** The large arrays of an image. Their contents are whatever was there before: whoever asks fills them. */
export interface ImageBuffers {
  pix: Float32Array;
  ivar: Float32Array;
  mask: Uint8Array;
  /** Fast loops over these arrays, where there are any. */
  kernel: ImageKernel | null;
}

/** Where large arrays come from. */
export interface BufferSource {
  image(pixels: number): ImageBuffers;
  /**
   * For spectra: whoever asks for the same name again gets the same array, with what is in it. A step may be given the array
   * that it reads from, and then works in place.
   */
  float64(name: string, length: number): Float64Array;
}

/** New arrays every time. */
export const FRESH_BUFFERS: BufferSource = {
  image: (pixels) => ({
    pix: new Float32Array(pixels),
    ivar: new Float32Array(pixels),
    mask: new Uint8Array(pixels),
    kernel: null,
  }),
  float64: (_name, length) => new Float64Array(length),
};

/**
 * Arrays that one job after another uses, in the memory of the WebAssembly kernel: memory that the system hands out anew costs
 * more time than computing in it. They belong to the job that asked last; the one before must have ended.
 * New images every time where there is no WebAssembly with vectors.
 */
export function createBufferPool(): BufferSource {
  const memory = createImageMemory();
  const spectra = new Map<string, Float64Array>();
  return {
    image: (pixels) => memory?.image(pixels) ?? FRESH_BUFFERS.image(pixels),
    float64(name, length) {
      const kept = spectra.get(name);
      if (kept?.length === length) return kept;
      const made = new Float64Array(length);
      spectra.set(name, made);
      return made;
    },
  };
}
