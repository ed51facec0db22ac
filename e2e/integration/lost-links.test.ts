import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import type { ControlRoomState } from '#shared/state/control-room.ts';
import type { EngineOptions, RunningEngine } from '../../src-main/composition.ts';
import { FlowingTime } from '../support/flowing-time.ts';
import { folder, insert, PASSWORD, postgres } from '../support/opsdb-rig.ts';
import { until } from '../support/wait.ts';
import { rig, sshd } from './data-host-rig.ts';
import { endedRuns, jobOf } from './engine-rig.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let time: FlowingTime | null = null;
afterEach(() => {
  time?.stop();
  time = null;
});

/** The clock of an engine on which hours of waiting go by in seconds. */
function flowing(): FlowingTime {
  time = new FlowingTime();
  return time;
}

/** An engine on the operations database, whose data host is `tower`; without a host files lie on this machine. */
async function openOnDatabase(options: Partial<EngineOptions> = {}, record = true): Promise<RunningEngine> {
  const password = join(folder, 'password');
  await writeFile(password, `${PASSWORD}\n`, { mode: 0o600 });
  process.env['QLF_OPSDB_PASSWORD_FILE'] = password;
  const { host, port, user, identityFile } = sshd;
  const knownHostsFile = record ? sshd.knownHostsFile : '/dev/null';
  const configuration = {
    ...{ host: postgres.host, port: postgres.port, tls: { ca: postgres.caFile } },
    dataHosts: { tower: { host, port, user, identityFile, knownHostsFile } },
  };
  const file = join(folder, 'opsdb.json');
  await writeFile(file, JSON.stringify(configuration));
  return rig.open({ source: `opsdb:${file}`, catchUp: false, ...options });
}

async function observe(expid: number, host: 'tower' | null): Promise<void> {
  rig.deliver(expid);
  const raw = join(rig.source, `20191115/00000${String(expid)}/desi-00000${String(expid)}.fits.fz`);
  const { size } = await stat(raw);
  await insert(expid, { data_host: host, raw_path: raw, raw_bytes: size, cameras_expected: ['r0'] });
}

const room = async (engine: RunningEngine): Promise<ControlRoomState> => engine.handlers['control-room.snapshot']({});
const becomes = (engine: RunningEngine, holds: (now: ControlRoomState) => boolean): Promise<ControlRoomState> =>
  until(() => room(engine), holds);
const link = (now: ControlRoomState, name: 'dos' | 'transfer') => now.connections.find((one) => one.name === name);
const exposure = (now: ControlRoomState, expid: number) => now.exposures.find((one) => one.expid === expid);

it('a run whose link is lost gives way to a newer exposure, and is gone on with when the link is back', async () => {
  const engine = await openOnDatabase();
  const ended = endedRuns(engine);
  await engine.start();
  await sshd.kill();
  await observe(102, 'tower');
  const lost = await becomes(engine, (now) => link(now, 'transfer')?.state === 'lost');
  expect(exposure(lost, 102)?.state).toBe('processing');
  // Nothing newer: it is waited for.
  await observe(110, null);
  const newest = await ended.of(110);
  expect(jobOf(newest, 'r0').state).toBe('done');
  expect(ended.all.map(({ expid }) => expid)).toEqual([110]);
  const again = await becomes(engine, (now) => exposure(now, 102)?.state === 'processing');
  const passedOver = again.log.filter(({ text }) => text.includes('exposure 00000102 superseded'));
  expect(passedOver.map(({ text }) => text)).toEqual([
    'exposure 00000102 superseded: its files are not here; passed over for 00000110, gone on with when there is nothing newer',
  ]);

  await sshd.start();
  const run = await ended.of(102);
  expect(run.run.id).toBeLessThan(newest.run.id);
  expect(jobOf(run, 'r0').state).toBe('done');
  expect(link(await room(engine), 'transfer')?.state).not.toBe('lost');
});

it('a restart takes the newest exposure before a run whose files are not here, which may be cancelled too', async () => {
  const engine = await openOnDatabase();
  await engine.start();
  await sshd.kill();
  await observe(101, 'tower');
  await becomes(engine, (now) => link(now, 'transfer')?.state === 'lost');
  await engine.handlers['engine.stop']({});
  await observe(110, null);
  const ended = endedRuns(engine);
  await engine.handlers['engine.start']({});
  await ended.of(110);
  const back = await becomes(engine, (now) => exposure(now, 101)?.state === 'processing');
  expect(back.log.some(({ text }) => text.includes('00000101 superseded: its files are not here'))).toBe(true);
  await engine.handlers['run.cancel']({ runId: 1 });
  expect((await ended.of(101)).run.state).toBe('cancelled');
  await sshd.start();
});

it('a DOS that is lost when a run asks it for files is asked again until it is back; the run does not fail', async () => {
  const engine = await openOnDatabase();
  const ended = endedRuns(engine);
  await engine.handlers['engine.set-mode']({ mode: 'manual' });
  await engine.start();
  await observe(102, null);
  await becomes(engine, (now) => exposure(now, 102)?.state === 'waiting');
  await postgres.kill();
  await becomes(engine, (now) => link(now, 'dos')?.state === 'lost');
  await engine.handlers['exposure.process']({ expid: 102 });
  const waiting = await becomes(engine, (now) => now.log.some(({ text }) => text.includes('tried again')));
  expect(exposure(waiting, 102)?.state).toBe('processing');
  expect(ended.all).toEqual([]);
  await postgres.start();
  expect(jobOf(await ended.of(102), 'r0').state).toBe('done');
  await becomes(engine, (now) => link(now, 'dos')?.state === 'ok');
});

const openAlarms = (now: ControlRoomState, kind: string) =>
  now.alarms.filter((alarm) => alarm.kind === kind && alarm.present);

it('a link that is lost for an hour is an alarm, tried again all the time; beyond it slowly while nothing is newer, or a person who wants it now', async () => {
  const clock = flowing();
  const engine = await openOnDatabase({ waiting: clock, now: clock.now });
  const { handlers } = engine;
  const ended = endedRuns(engine);
  await handlers['settings.set']({ settings: { ...(await handlers['settings.get']({})), transferWait: 60 } });
  await engine.start();
  await sshd.kill();
  await observe(102, 'tower');
  const lost = await becomes(engine, (now) => link(now, 'transfer')?.state === 'lost');
  const begun = link(lost, 'transfer')?.since ?? 0;
  const hour = await becomes(engine, (now) => {
    const { retryAt = null } = link(now, 'transfer') ?? {};
    return retryAt !== null && retryAt - begun > 50 * MINUTE && openAlarms(now, 'contact-transfer').length > 0;
  });
  expect(openAlarms(hour, 'contact-transfer')).toMatchObject([
    { severity: 'fault', title: 'Transfer does not work', detail: expect.stringContaining('refused') as string },
  ]);
  expect(link(hour, 'transfer')).toMatchObject({ state: 'lost', since: begun });
  expect(exposure(hour, 102)?.state).toBe('processing');

  // It is the newest: hours later it is still tried, if not as often, and says when.
  const later = await becomes(engine, (now) => {
    const { error = '', retryAt = null } = link(now, 'transfer') ?? {};
    return / min$/.test(error) && retryAt !== null && retryAt - begun > 2 * HOUR;
  });
  expect(exposure(later, 102)?.state).toBe('processing');
  expect(ended.all).toEqual([]);
  clock.flows = false;
  await sshd.start();
  await handlers['engine.try-now']({});
  const run = await ended.of(102);
  expect(jobOf(run, 'r0').state).toBe('done');
  const back = await becomes(engine, (now) => openAlarms(now, 'contact-transfer').length === 0);
  expect(link(back, 'transfer')).toMatchObject({ retryAt: null, lastLoss: { at: begun } });
});

it('a link that stays lost is given up for an exposure that is not the newest where gaps are not caught up with', async () => {
  const clock = flowing();
  const engine = await openOnDatabase({ waiting: clock, now: clock.now });
  const { handlers } = engine;
  const ended = endedRuns(engine);
  await handlers['settings.set']({ settings: { ...(await handlers['settings.get']({})), transferWait: 10 } });
  await engine.start();
  await sshd.kill();
  await observe(102, 'tower');
  await becomes(engine, (now) => link(now, 'transfer')?.state === 'lost');
  await observe(110, null);
  await ended.of(110);
  const given = await ended.of(102);
  expect(given.run).toMatchObject({ state: 'failed', reason: expect.stringContaining('refused') as string });
  await sshd.start();
  await handlers['exposure.process']({ expid: 102 });
  expect(jobOf(await ended.of(102, 2), 'r0').state).toBe('done');
});

it('a DOS that is lost for an hour is an alarm and is asked all the time; what was observed meanwhile is registered, the newest taken first', async () => {
  const clock = flowing();
  const engine = await openOnDatabase({ waiting: clock, now: clock.now });
  const { handlers } = engine;
  const ended = endedRuns(engine);
  await handlers['settings.set']({ settings: { ...(await handlers['settings.get']({})), dosPeriod: 20 } });
  await engine.start();
  await becomes(engine, (now) => link(now, 'dos')?.state === 'ok');
  await postgres.kill();
  const lost = await becomes(engine, (now) => link(now, 'dos')?.state === 'lost');
  const begun = link(lost, 'dos')?.since ?? 0;
  const hour = await becomes(
    engine,
    (now) => (link(now, 'dos')?.retryAt ?? 0) - begun > HOUR && openAlarms(now, 'contact-dos').length > 0,
  );
  expect(link(hour, 'dos')).toMatchObject({ state: 'lost', since: begun });
  expect(openAlarms(hour, 'contact-dos')).toMatchObject([{ severity: 'fault', title: 'No contact with the DOS' }]);
  await postgres.start();
  clock.flows = false;
  await observe(101, null);
  await observe(102, null);
  clock.flows = true;
  expect(jobOf(await ended.of(102), 'r0').state).toBe('done');
  const back = await becomes(engine, (now) => openAlarms(now, 'contact-dos').length === 0);
  expect(exposure(back, 101)).toBeDefined();
  expect(ended.all[0]?.expid).toBe(102);
});

it('a run whose data host shows a key that nobody has compared waits for the answer, and goes on by itself', async () => {
  const engine = await openOnDatabase({}, false);
  const { handlers } = engine;
  const ended = endedRuns(engine);
  await engine.start();
  await observe(102, 'tower');
  const asked = await becomes(
    engine,
    (now) => now.questions.hostKeys.length > 0 && link(now, 'transfer')?.state === 'lost',
  );
  expect(link(asked, 'transfer')?.error).toContain(sshd.fingerprint);
  expect(link(asked, 'transfer')?.retryAt).not.toBeNull();
  expect(exposure(asked, 102)?.state).toBe('processing');
  // Nothing newer has to wait for the answer.
  await observe(110, null);
  await ended.of(110);
  await becomes(engine, (now) => exposure(now, 102)?.state === 'processing' && link(now, 'transfer')?.state === 'lost');
  expect(ended.all.map(({ expid }) => expid)).toEqual([110]);
  const { host, port, fingerprint } = sshd;
  await handlers['host-key.accept']({ host, port, fingerprint, by: 'A. Observer' });
  expect(jobOf(await ended.of(102), 'r0').state).toBe('done');
});
