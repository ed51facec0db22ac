/** The thread that makes a diagnostics bundle, with a connection of its own that can only read. */
import { parentPort, workerData } from 'node:worker_threads';
import { inspectDatabase } from './db/inspect-database.ts';
import { serveBundle } from './diagnostics/serve-bundle.ts';
import type { BundleOrder } from './domain/ports/diagnostics.ts';

if (parentPort) serveBundle(parentPort, workerData as BundleOrder, inspectDatabase);
