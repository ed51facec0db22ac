import type { TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import type { Channel } from '#shared/ipc/channels.ts';
import { CONTRACT, type Handlers } from '#shared/ipc/contract.ts';
import { QlfError, type ErrorCode, type Result } from '#shared/ipc/result.ts';

/** Compiled when a channel is first used: start-up does not wait for all of them. */
const checks = new Map<TSchema, Validator>();

function checkOf(schema: TSchema): Validator {
  const known = checks.get(schema);
  if (known) return known;
  const check = Compile(schema);
  checks.set(schema, check);
  return check;
}

/** The answer that refuses or fails a call. */
export function refuse(code: ErrorCode, message: string): Result<never> {
  return { ok: false, error: { code, message } };
}

/**
 * Answers one call of the interface: the request is checked against the contract's schema, then handed to the engine.
 * Never rejects. What the engine did not mean to tell (a bug) goes to `report`; the interface hears only that it failed.
 */
export async function answerCall(
  channel: Channel,
  request: unknown,
  handlers: Handlers,
  report: (error: unknown) => void,
): Promise<Result<unknown>> {
  const { request: schema } = CONTRACT[channel];
  return answerChecked(channel, schema, request, handlers[channel] as (request: unknown) => unknown, report);
}

/** The same of any contract: what does not fit the schema never comes to `handler`. */
export async function answerChecked(
  channel: string,
  schema: TSchema,
  request: unknown,
  handler: (request: unknown) => unknown,
  report: (error: unknown) => void,
): Promise<Result<unknown>> {
  const check = checkOf(schema);
  if (!check.Check(request)) {
    const wrong = check.Errors(request)[0];
    const where = wrong?.instancePath ? `${wrong.instancePath} ` : '';
    return refuse('bad-request', `${channel}: ${where}${wrong?.message ?? 'does not fit the contract'}`);
  }
  return answerWith(channel, () => handler(request), report);
}

/** The answer of a task: its value, or the error that it means to tell. Never rejects. */
export async function answerWith(
  what: string,
  task: () => unknown,
  report: (error: unknown) => void,
): Promise<Result<unknown>> {
  try {
    return { ok: true, value: await task() };
  } catch (error) {
    if (error instanceof QlfError) return refuse(error.code, error.message);
    report(error);
    return refuse('internal', `${what} failed inside QLF. The engine’s log has the details.`);
  }
}
