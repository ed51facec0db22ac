/** The thread that reads the bodies of posts. */
import { parentPort } from 'node:worker_threads';
import { servePosts } from './ingest/serve-posts.ts';

if (!parentPort) throw new Error('ingest-worker is a part of QLF and is started by it');
servePosts(parentPort);
