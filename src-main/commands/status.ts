import { StatusSchema, type Status } from '#shared/domain/command-line.ts';
import { expid8 } from '#shared/domain/exposure.ts';
import type { ControlRoomState } from '#shared/state/control-room.ts';
import type { Greeting } from '#shared/ipc/command-contract.ts';
import type { Command } from './command.ts';

const SHOWN = 10;

function statusOf(state: ControlRoomState, greeting: Greeting | null, data: string): Status {
  const { engine, connections, current, disk, alarms, exposures } = state;
  const { activity, mode, since, parallel, ingestUrl, warnings } = engine;
  const jobs: NonNullable<Status['run']>['jobs'] = {};
  for (const job of current?.jobs ?? []) jobs[job.state] = (jobs[job.state] ?? 0) + 1;
  return {
    engine: greeting && {
      ...{ version: greeting.qlf, pid: greeting.pid, activity, mode, since, parallel, ingestUrl, warnings },
    },
    data,
    connections: connections.map(({ name, adapter, state: now, since: from, error }) => ({
      ...{ name, adapter, state: now, since: from, error },
    })),
    disk: disk && { totalBytes: disk.totalBytes, freeBytes: disk.freeBytes },
    run: current && {
      ...{ id: current.run.id, expid: current.run.expid, night: current.run.night, state: current.run.state },
      ...{ stage: current.run.stage, reason: current.run.reason, startedAt: current.run.startedAt },
      ...{ endedAt: current.run.endedAt, jobs },
    },
    alarms: alarms.map(({ id, severity, state: now, title, expid }) => ({ id, severity, state: now, title, expid })),
    exposures: exposures.slice(0, SHOWN).map(({ expid, night, flavor, program, exptime, state: now, reason }) => ({
      ...{ expid, night, flavor, program, exptime, state: now, reason },
    })),
  };
}

const utc = (at: number): string => `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;
const line = (name: string, text: string): string => `${name.padEnd(10)} ${text}`;

function wordsOf({ engine, data, connections, disk, run, alarms, exposures }: Status): string {
  const lines = [
    engine
      ? `QLF ${engine.version} is ${engine.activity} (pid ${engine.pid}, ${engine.mode}) since ${utc(engine.since)}`
      : 'No engine runs; this is what the database says.',
    line('data', data),
  ];
  if (disk) lines.push(line('disk', `${gigabytes(disk.freeBytes)} free of ${gigabytes(disk.totalBytes)}`));
  if (engine) lines.push(line('posts to', engine.ingestUrl));
  for (const { name, adapter, state, since, error } of connections)
    lines.push(line(name, `${adapter}: ${state} since ${utc(since)}${error === '' ? '' : `, ${error}`}`));
  for (const warning of engine?.warnings ?? []) lines.push(line('warning', warning));
  if (run) {
    const jobs = Object.entries(run.jobs).map(([state, count]) => `${count} ${state}`);
    const why = run.reason === '' ? '' : ` (${run.reason})`;
    lines.push(
      line('run', `${expid8(run.expid)} of ${run.night}: ${run.state}, ${run.stage}${why}; ${jobs.join(', ')}`),
    );
  }
  for (const { severity, state, title, expid } of alarms)
    lines.push(line(severity, `${title} (${state}${expid === null ? '' : `, exposure ${expid8(expid)}`})`));
  if (engine && alarms.length === 0) lines.push(line('alarms', 'none'));
  for (const { expid, night, flavor, program, state, reason } of exposures) {
    const why = reason === '' ? '' : ` (${reason})`;
    lines.push(line(expid8(expid), `${night} ${flavor}${program === null ? '' : ` ${program}`}: ${state}${why}`));
  }
  if (exposures.length === 0) lines.push(line('exposures', 'none yet'));
  return `${lines.join('\n')}\n`;
}

export const STATUS: Command = {
  name: 'status',
  usage: 'status',
  summary: 'what the engine does, what is connected, the newest exposures',
  details: 'Where no engine runs it says what the database knows, and changes nothing.',
  positionals: [0, 0],
  options: [],
  value: StatusSchema,
  async run(_args, world) {
    const reader = await world.reader();
    const status = statusOf(await reader.call('control-room.snapshot', {}), reader.greeting, world.root);
    return { value: status, text: wordsOf(status) };
  },
};
