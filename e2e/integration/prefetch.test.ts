import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Exposure } from '#shared/domain/exposure.ts';
import type { TransferProgress } from '#shared/state/control-room.ts';
import type { RunningEngine } from '../../src-main/composition.ts';
import { createExposureFolderClient } from '../../src-main/dos/exposure-folder/client.ts';
import type { DosClient, FileLocation } from '../../src-main/domain/ports/dos-client.ts';
import { ConnectionState } from '../../src-main/orchestrator/connections.ts';
import { ControlRoom } from '../../src-main/orchestrator/control-room.ts';
import { dataFolder } from '../../src-main/orchestrator/folders.ts';
import { createWaiting } from '../../src-main/domain/waiting.ts';
import { InputFetcher } from '../../src-main/orchestrator/input-fetcher.ts';
import { defaultSettings } from '../../src-main/orchestrator/settings.ts';
import { createFileTransfer } from '../../src-main/transfer/file-transfer.ts';
import { createHostKeys } from '../../src-main/transfer/host-keys.ts';
import { startLoopbackSshd, type LoopbackSshd } from '../support/loopback-sshd.ts';
import { endedRuns, EngineRig, until } from './engine-rig.ts';

let rig: EngineRig;
beforeEach(() => {
  rig = new EngineRig();
});
afterEach(() => rig.dispose());

/** The transfer's progress as the screen is told. */
function progressOf(engine: Pick<RunningEngine, 'onEvents'>): TransferProgress[] {
  const seen: TransferProgress[] = [];
  engine.onEvents(({ events }) => {
    for (const event of events) if (event.type === 'transfer' && event.progress) seen.push(event.progress);
  });
  return seen;
}

it('brings the next exposure over while this one is processed, and processes what is here', async () => {
  rig.deliver(101);
  rig.script('b0', 'slow 6000');
  const engine = await rig.open({ catchUp: false });
  const ended = endedRuns(engine);
  const seen = progressOf(engine);
  await engine.start();
  await until('jobs of 101', () => rig.pids.length > 0);
  rig.deliver(102);
  const raw = join(rig.data, 'raw', '20191115', '00000102', 'desi-00000102.fits.fz');
  await until('the file of 102', () => seen.some(({ expid }) => expid === 102));
  await until('102 here', () => existsSync(raw));
  const ahead = await stat(raw);
  expect(ended.all).toEqual([]);
  expect(
    (await readFile(raw)).equals(await readFile(join(rig.source, '20191115', '00000102', 'desi-00000102.fits.fz'))),
  ).toBe(true);
  expect((await ended.of(102)).run.state).toBe('done');
  expect(await stat(raw)).toMatchObject({ ino: ahead.ino, mtimeMs: ahead.mtimeMs });
  expect(ended.all.map(({ expid }) => expid)).toEqual([101, 102]);
});

/** Exposures of a data host whose link is slow. */
class SlowHost {
  readonly folder: string;
  readonly #sshd: LoopbackSshd;
  readonly dos: DosClient;
  readonly room: ControlRoom;
  readonly inputs: InputFetcher;
  readonly close: () => Promise<void>;

  constructor(sshd: LoopbackSshd, folder: string, bytesPerSecond: number) {
    this.#sshd = sshd;
    this.folder = folder;
    const dos = createExposureFolderClient({
      directory: rig.source,
      patience: { whole: 0, short: 0, damaged: 0 },
    });
    const { host, port, user, identityFile, knownHostsFile } = sshd;
    const remote = (location: FileLocation): FileLocation => ({
      ...location,
      host: { host, port, user, identityFile, knownHostsFile },
    });
    this.dos = { ...dos, getFileLocation: async (expid) => remote(await dos.getFileLocation(expid)) };
    this.room = new ControlRoom({ connections: [], exposures: [], log: [], transfer: null } as never, Date.now);
    const transfer = createFileTransfer({
      environment: { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent' },
      hostKeys: createHostKeys(join(folder, 'known_hosts'), []),
      maxRate: bytesPerSecond,
    });
    this.inputs = new InputFetcher({
      dos: this.dos,
      room: this.room,
      transfer,
      transferConnection: new ConnectionState(this.room, 'transfer', 'test', Date.now),
      folder: dataFolder(folder),
      settings: () => defaultSettings(1),
      waiting: createWaiting(),
      now: Date.now,
    });
    this.close = async () => {
      await this.inputs.close();
      await transfer.close();
      await this.#sshd.stop();
    };
  }

  async exposures(): Promise<Map<number, Exposure>> {
    const found = await this.dos.getExposuresSince(null);
    return new Map(found.map((exposure) => [exposure.expid, exposure as unknown as Exposure]));
  }
}

it('leaves the link to whoever is newest, and goes on with what had come', async () => {
  for (const expid of [101, 102]) rig.deliver(expid);
  const folder = await mkdtemp(join(tmpdir(), 'qlf-prefetch-'));
  const { size } = await stat(join(rig.source, '20191115', '00000101', 'desi-00000101.fits.fz'));
  const slow = new SlowHost(await startLoopbackSshd(), folder, size / 6);
  try {
    const seen = progressOf(slow.room);
    const exposures = await slow.exposures();
    const [older, newest] = [exposures.get(101)!, exposures.get(102)!];
    const signal = new AbortController().signal;
    slow.inputs.prefetch(older);
    slow.inputs.prefetch(older);
    await until('a part of 101', () => seen.some(({ expid, bytes }) => expid === 101 && bytes > 0));
    const mark = seen.length;
    slow.inputs.prefetch(newest);
    await until('a part of 102', () => seen.some(({ expid, bytes }) => expid === 102 && bytes > 0));
    expect(seen.slice(mark).filter(({ expid }) => expid === 101)).toEqual([]);
    // Its run takes over what was begun: the bytes never go back.
    const before = seen.length;
    const inputs = await slow.inputs.fetch(newest, signal);
    const raw = seen.slice(before).filter(({ file }) => file.startsWith('desi-'));
    expect(raw[0]!.bytes).toBeGreaterThan(0);
    expect(raw.at(-1)).toMatchObject({ expid: 102, totalBytes: (await stat(inputs.raw)).size });
    const part = join(folder, 'raw', '20191115', '00000101', '.incoming-desi-00000101.fits.fz', 'part');
    expect((await stat(join(part, 'desi-00000101.fits.fz'))).size).toBeGreaterThan(0);
    await expect(stat(join(folder, 'raw', '20191115', '00000101', 'desi-00000101.fits.fz'))).rejects.toThrow('ENOENT');

    // A run that is cancelled takes with it what it had taken over.
    const controller = new AbortController();
    slow.inputs.prefetch(older);
    const cancelled = slow.inputs.fetch(older, controller.signal);
    controller.abort(new Error('cancelled'));
    await expect(cancelled).rejects.toThrow('cancelled');
    expect(slow.room.snapshot().transfer).toBeNull();
  } finally {
    await slow.close();
    await rm(folder, { recursive: true });
  }
});
