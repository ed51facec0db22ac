/** The thread that answers long questions about trends, with a connection of its own that can only read. */
import { parentPort, workerData } from 'node:worker_threads';
import { openTrendQuestions } from './db/open-trend-questions.ts';
import { serveQuestions } from './trends/serve-questions.ts';

if (parentPort) serveQuestions(parentPort, openTrendQuestions(String(workerData)));
