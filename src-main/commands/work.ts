import { setTimeout as pause } from 'node:timers/promises';
import { CommandFailure } from './command.ts';
import type { Calls, CommandWorld } from './world.ts';

const LOOK_MS = 300;

/** Follows long work of the engine to its end. @returns what came of it, in words */
export async function finishWork(engine: Calls, world: Pick<CommandWorld, 'note'>): Promise<string> {
  const { work: begun } = await engine.call('storage.get', {});
  let told = '';
  for (;;) {
    const { work } = await engine.call('storage.get', {});
    if (!work || !begun || work.startedAt !== begun.startedAt)
      throw new CommandFailure('failed', 'other work has begun since; the engine’s log says how this one ended');
    if (work.state === 'done') return work.text;
    if (work.state === 'failed') throw new CommandFailure('failed', work.text);
    if (work.state === 'cancelled') throw new CommandFailure('failed', `it was cancelled: ${work.text}`);
    const text = `${work.share === null ? '' : `${Math.floor(work.share * 100)} % `}${work.text}`;
    if (text !== told) world.note(text);
    told = text;
    await pause(LOOK_MS);
  }
}
