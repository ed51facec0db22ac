import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { ControlRoomState } from '#shared/state/control-room.ts';
import type { RunningEngine } from '../../src-main/composition.ts';
import { folder, insert, PASSWORD, postgres } from '../support/opsdb-rig.ts';
import { until } from '../support/wait.ts';
import { rig, sshd } from './data-host-rig.ts';
import { endedRuns, jobOf } from './engine-rig.ts';

/** An engine on the operations database, whose data host is `tower`; without a host files lie on this machine. */
async function openOnDatabase(): Promise<RunningEngine> {
  const password = join(folder, 'password');
  await writeFile(password, `${PASSWORD}\n`, { mode: 0o600 });
  process.env['QLF_OPSDB_PASSWORD_FILE'] = password;
  const { host, port, user, identityFile, knownHostsFile } = sshd;
  const configuration = {
    ...{ host: postgres.host, port: postgres.port, tls: { ca: postgres.caFile } },
    dataHosts: { tower: { host, port, user, identityFile, knownHostsFile } },
  };
  const file = join(folder, 'opsdb.json');
  await writeFile(file, JSON.stringify(configuration));
  return rig.open({ source: `opsdb:${file}`, catchUp: false });
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
