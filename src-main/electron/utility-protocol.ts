/** What the launcher and a hosted program say to each other: the program's own messages, and its exit code. */
export type Envelope = { kind: 'message'; message: unknown } | { kind: 'exit'; code: number };

/** Reads a message of the other side; undefined when it is none of ours. By hand: the host must be small to start fast. */
export function asEnvelope(data: unknown): Envelope | undefined {
  if (typeof data !== 'object' || data === null || !('kind' in data)) return undefined;
  if (data.kind === 'message' && 'message' in data) return { kind: 'message', message: data.message };
  if (data.kind === 'exit' && 'code' in data && typeof data.code === 'number') return { kind: 'exit', code: data.code };
  return undefined;
}
