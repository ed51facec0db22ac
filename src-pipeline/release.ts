/** ArrayBuffer.prototype.transfer of newer engines. */
interface Transferable {
  transfer?: (length: number) => ArrayBuffer;
}

/**
 * Gives the memory of an array back at once, where the engine can; else it goes when the collector comes by, which for tens of
 * megabytes outside its heap may be late. Nobody may look at the array any more.
 */
export function release({ buffer }: ArrayBufferView): void {
  (buffer as unknown as Transferable).transfer?.(0);
}
