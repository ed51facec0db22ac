import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { startLoopbackSshd, type LoopbackSshd } from '../support/loopback-sshd.ts';
import { EngineRig } from './engine-rig.ts';

/** A data host for all tests of a file, and an engine's folders for each. */
export let sshd: LoopbackSshd;
export let rig: EngineRig;

beforeAll(async () => {
  sshd = await startLoopbackSshd();
});
afterAll(() => sshd.stop());
beforeEach(() => {
  rig = new EngineRig();
});
afterEach(() => rig.dispose());
