import { expect, test } from 'vitest';
import { rsyncShell, sshArguments } from './ssh-arguments.ts';

const host = { host: 'data-host', port: 22, user: 'desi', identityFile: "/a b/it's %h", knownHostsFile: null };

test('a path stays one option, and ssh expands nothing in it', () => {
  const args = sshArguments(host, 30, '/q l/known_hosts');
  expect(args).toContain(`IdentityFile="/a b/it's %%h"`);
  expect(rsyncShell(args)).toContain(`'-o' 'IdentityFile="/a b/it''s %%h"'`);
  expect(args).toContain('UserKnownHostsFile="/q l/known_hosts" ~/.ssh/known_hosts ~/.ssh/known_hosts2');
});
