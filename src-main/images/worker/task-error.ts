/** What a task could not do, in words for the observer. */
export class TaskError extends Error {
  readonly code: 'not-found' | 'conflict' | 'unavailable';
  constructor(code: TaskError['code'], message: string) {
    super(message);
    this.name = 'TaskError';
    this.code = code;
  }
}
