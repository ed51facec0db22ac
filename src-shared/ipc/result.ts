/** Error codes of the IPC contract; a code never changes its meaning. */
export const ERROR_CODES = [
  'bad-request',
  'untrusted-sender',
  'forbidden',
  'not-found',
  'conflict',
  'unavailable',
  'invalid-configuration',
  'internal',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

export type Result<T> = { ok: true; value: T } | { ok: false; error: { code: ErrorCode; message: string } };

/** An error that crosses the contract with its code; the message says what failed, on what, and what to do. */
export class QlfError extends Error {
  readonly code: ErrorCode;
  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'QlfError';
    this.code = code;
  }
}
