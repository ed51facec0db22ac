import { afterEach, beforeEach, expect, it } from 'vitest';
import type { RunDetail } from '#shared/state/control-room.ts';
import { endedRuns, EngineRig, jobOf, until } from './engine-rig.ts';

const HOUR = 3_600_000;

let rig: EngineRig;
let jump = 0;
beforeEach(() => {
  jump = 0;
  rig = new EngineRig();
});
afterEach(() => rig.dispose());

/** No time of a run goes backwards, whatever the clock did. */
function expectOrder({ run, jobs }: RunDetail): void {
  const times = [run, ...run.stages, ...jobs, ...jobs.flatMap(({ steps }) => steps)];
  for (const { startedAt, endedAt } of times)
    if (startedAt !== null && endedAt !== null) expect(endedAt - startedAt).toBeGreaterThanOrEqual(0);
}

it('a clock that is set back or forward in the middle of the night ends no job, stops no look and silences no alarm', async () => {
  const engine = await rig.open({ now: () => Date.now() + jump });
  const ended = endedRuns(engine);
  const heard: string[] = [];
  engine.onEvents(({ events }) => {
    for (const event of events) if (event.type === 'announcement') heard.push(event.announcement.title);
  });
  await engine.start();
  rig.script('b0', 'exit 1');
  rig.script('z1', 'hang');
  rig.deliver(101);
  await until('five cameras over', () => {
    return engine.runDetail(1)?.jobs.filter(({ state }) => state === 'done' || state === 'failed').length === 5;
  });
  await until('the first alarm is heard', () => heard.length === 1);

  jump = -HOUR;
  await engine.handlers['run.cancel']({ runId: 1 });
  const first = await ended.of(101);
  expectOrder(first);
  rig.script('r0', 'exit 1');
  rig.deliver(102);
  const second = await ended.of(102);
  expect(jobOf(second, 'r0').state).toBe('failed');
  expectOrder(second);
  await until('the second alarm is heard', () => heard.length === 2);

  rig.script('r0', 'slow 1500');
  rig.deliver(110);
  await until('running', () => engine.runDetail(3)?.jobs.some(({ state }) => state === 'running'));
  jump = 30 * HOUR;
  const third = await ended.of(110);
  expect(third.run.state).toBe('done');
  expect(jobOf(third, 'r0')).toMatchObject({ state: 'done', reason: '' });
  const snapshot = await engine.handlers['control-room.snapshot']({});
  expect(snapshot.connections.find(({ name }) => name === 'dos')?.state).toBe('ok');
});
