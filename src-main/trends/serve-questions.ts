import type { MessagePort } from 'node:worker_threads';
import type { TrendQuestions } from '../domain/ports/trends.ts';

/** A question on its way to the thread, and its answer on the way back. */
export interface Question {
  id: number;
  name: keyof TrendQuestions;
  argument: unknown;
}
export type Answer = { id: number; value: unknown } | { id: number; error: string };

/** The thread's side: answers one question after another. */
export function serveQuestions(port: MessagePort, questions: TrendQuestions): void {
  port.on('message', ({ id, name, argument }: Question) => {
    let answer: Answer;
    try {
      const ask = questions[name] as (argument: unknown) => unknown;
      answer = { id, value: ask(argument) };
    } catch (error) {
      answer = { id, error: error instanceof Error ? error.message : String(error) };
    }
    port.postMessage(answer);
  });
}
