import type { MessagePort } from 'node:worker_threads';
import type { DiagnosticsStep } from '#shared/domain/diagnostics.ts';
import type { BundleOrder, InspectDatabase } from '../domain/ports/diagnostics.ts';
import { writeBundle } from './write-bundle.ts';

/** What the thread says of the bundle that it makes. */
export type BundleMessage =
  | { kind: 'progress'; step: DiagnosticsStep; share: number }
  | { kind: 'done'; bytes: number }
  | { kind: 'failed'; error: string };

/** The thread's side: makes one bundle, and ends. */
export function serveBundle(port: MessagePort, order: BundleOrder, inspect: InspectDatabase): void {
  const say = (message: BundleMessage): void => port.postMessage(message);
  writeBundle(order, inspect, (step, share) => say({ kind: 'progress', step, share })).then(
    ({ bytes }) => say({ kind: 'done', bytes }),
    (error: unknown) => say({ kind: 'failed', error: error instanceof Error ? error.message : String(error) }),
  );
}
