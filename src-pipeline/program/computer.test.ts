import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EXIT } from '../job/failure.ts';
import type { JobRequest } from '../job/load-configuration.ts';
import { createComputer } from './computer.ts';

/** A thread that ends well, throws, or uses up its memory, as the name of the configuration says. */
const THREAD = `
import { parentPort } from 'node:worker_threads';
parentPort.on('message', ({ configFile }) => {
  if (configFile === 'throw') setTimeout(() => { throw new Error('a loose end'); });
  else if (configFile === 'exit') process.exit(3);
  else if (configFile === 'eat') { const kept = []; for (;;) kept.push(new Array(100000).fill(kept.length)); }
  else parentPort.postMessage({ kind: 'ended', code: 0, reason: '' });
});
`;

let folder: string;
let program: URL;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ql-computer-'));
  const file = join(folder, 'thread.mjs');
  writeFileSync(file, THREAD);
  program = pathToFileURL(file);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const request = (configFile: string): JobRequest => ({
  configFile,
  run: null,
  compatible: false,
  qaJson: false,
  logLevel: null,
});

it('a thread that dies fails its job with a reason, and the next job gets a new one', async () => {
  let log = '';
  const computer = createComputer(program, (text) => (log += text), { maxOldGenerationSizeMb: 40 });
  const run = (what: string) => computer.run(request(what), null);
  expect(await run('well')).toEqual({ code: EXIT.ok, reason: '' });
  expect(await run('throw')).toMatchObject({
    code: EXIT.crashed,
    reason: expect.stringContaining('a loose end') as string,
  });
  expect(await run('well')).toMatchObject({ code: EXIT.ok });
  expect(await run('exit')).toMatchObject({ code: EXIT.crashed, reason: expect.stringContaining('code 3') as string });
  expect(await run('eat')).toMatchObject({ code: EXIT.crashed, reason: expect.stringMatching(/memory/) as string });
  expect(await run('well')).toMatchObject({ code: EXIT.ok });
  expect(log).toContain('CRITICAL : the computing died');
  computer.close();
});
