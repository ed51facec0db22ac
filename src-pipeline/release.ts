/** ArrayBuffer.prototype.transfer of newer engines. */
interface Transferable {
  transfer?: (length: number) => ArrayBuffer;
}

/** Less than this is not worth the trouble, and may be part of a buffer that others use, bytes. */
const WORTH = 1 << 20;

/**
 * Gives the memory of a large array back at once, where the engine can; else it goes when the collector comes by, which for
 * tens of megabytes outside its heap may be late. Nobody may look at the array any more.
 */
export function release({ buffer, byteLength }: ArrayBufferView): void {
  if (byteLength < WORTH || byteLength !== buffer.byteLength) return;
  (buffer as unknown as Transferable).transfer?.(0);
}
