import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { hostEngine } from '../../src-main/engine-host.ts';
import { endedRuns, EngineRig, jobOf, until } from './engine-rig.ts';

let rig: EngineRig;
let holder: ChildProcess | undefined;
beforeEach(() => {
  rig = new EngineRig();
});
afterEach(async () => {
  holder?.kill('SIGKILL');
  await rig.dispose();
});

/** Another program begins to write the database, and takes its time. */
async function lock(file: string): Promise<() => Promise<void>> {
  const program = `
    const db = new (require('better-sqlite3'))(process.argv[1]);
    db.exec('BEGIN IMMEDIATE');
    process.stdout.write('held');
    process.stdin.on('end', () => { db.exec('ROLLBACK'); process.exit(0); }).resume();`;
  const child = spawn(process.execPath, ['-e', program, file], { stdio: ['pipe', 'pipe', 'inherit'] });
  holder = child;
  await once(child.stdout, 'data');
  return async () => {
    child.stdin.end();
    await once(child, 'exit');
  };
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

it('while another program holds the database QLF rests, says why, and goes on by itself with nothing lost', async () => {
  rig.deliver(101);
  rig.script('z0', 'hang');
  const engine = await rig.open({}, hostEngine);
  const ended = endedRuns(engine);
  const lines: string[] = [];
  const warnings: string[] = [];
  engine.onLine((line) => lines.push(line.text));
  engine.onEvents(({ events }) => {
    for (const event of events) if (event.type === 'engine') warnings.push(...event.engine.warnings);
  });
  await engine.start();
  await until('five cameras done', () => {
    return engine.runDetail(1)?.jobs.filter((job) => job.state === 'done').length === 5;
  });
  const release = await lock(engine.databaseFile);
  rig.deliver(102);
  await until('it is said', () => lines.some((line) => /database is locked.*another program holds it/.test(line)));
  await until('it is shown', () => warnings.some((text) => /locked.*QLF goes on by itself/.test(text)));
  await expect(engine.handlers['engine.set-mode']({ mode: 'manual' })).rejects.toThrow(/locked/);
  await until('no child', () => !rig.pids.some(isAlive));
  expect(ended.all).toEqual([]);

  rig.script('z0', 'good');
  await release();
  const detail = await ended.of(101);
  expect(detail.run).toMatchObject({ id: 1, state: 'done' });
  expect(jobOf(detail, 'b0').attempt).toBe(1);
  expect(jobOf(detail, 'z0')).toMatchObject({ state: 'done', attempt: 2 });
  expect(detail.measurements).toHaveLength(6);
  await ended.of(102);
  const snapshot = await engine.handlers['control-room.snapshot']({});
  expect(snapshot.engine.warnings).toEqual([]);
});
