import type { MessagePort } from 'node:worker_threads';
import { readPostInBytes, type PostReading } from './read-post.ts';

/** A reading on its way back; an error where the thread itself failed over a body. */
export type PostAnswer = PostReading | { error: string };

/** The thread's side: reads one body after another. */
export function servePosts(port: MessagePort): void {
  port.on('message', (bytes: Uint8Array<ArrayBuffer>) => {
    let answer: PostAnswer;
    try {
      answer = readPostInBytes(bytes);
    } catch (error) {
      answer = { error: error instanceof Error ? error.message : String(error) };
    }
    // The values lie in it.
    port.postMessage(answer, [bytes.buffer]);
  });
}
