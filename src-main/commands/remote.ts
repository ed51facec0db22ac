import { setTimeout as pause } from 'node:timers/promises';
import { REMOTE_ROLES, RemoteStateSchema, type RemoteState, type RemoteToken } from '#shared/domain/remote.ts';
import Type from 'typebox';
import { CommandFailure, type Arguments, type Command, type Said } from './command.ts';
import type { CommandWorld } from './world.ts';

const WHAT = 'look after the remote view';
/** ms between two looks at whether it is open. */
const LOOK_MS = 200;
/** Looks after which it is told as it is. */
const LOOKS = 50;

function standing({ revokedAt, expiresAt }: RemoteToken): string {
  if (revokedAt !== null) return 'revoked';
  return expiresAt === null ? 'until revoked' : `until ${new Date(expiresAt).toISOString()}`;
}

function said(state: RemoteState): Said {
  const { settings, urls, error, fingerprint, tokens, clients } = state;
  const lines = settings.enabled
    ? [
        ...(error === '' ? urls.map((url) => `remote view: ${url}`) : [`remote view: ${error}`]),
        ...(fingerprint === '' ? [] : [`certificate: SHA-256 ${fingerprint}`]),
        `without a token: ${settings.open ? 'anybody may look' : 'nobody may look'}`,
        `looking on now: ${String(clients.length)}`,
      ]
    : ['remote view: off'];
  lines.push(...tokens.map((token) => `token ${String(token.id)}: ${token.name}, ${token.role}, ${standing(token)}`));
  return { value: state, text: `${lines.join('\n')}\n`, outcome: settings.enabled && error !== '' ? 'failed' : 'ok' };
}

function portOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new CommandFailure('usage', `--port takes a whole number from 1 to 65535, not ${JSON.stringify(text)}`);
  return port;
}

async function turn(enabled: boolean, { text, flag }: Arguments, world: CommandWorld): Promise<Said> {
  const engine = await world.engine(WHAT);
  const { settings } = await engine.call('remote.get', {});
  const port = portOf(text('port'));
  const host = text('host');
  const next = {
    ...settings,
    enabled,
    ...(port === undefined ? {} : { port }),
    ...(host === undefined ? {} : { host }),
    ...(flag('tokens-only') ? { open: false } : {}),
  };
  let state = await engine.call('remote.set', { settings: next });
  // An engine that has just begun may still be opening it.
  for (let i = 0; enabled && state.urls.length === 0 && state.error === '' && i < LOOKS; i += 1) {
    await pause(LOOK_MS);
    state = await engine.call('remote.get', {});
  }
  return said(state);
}

async function makeToken({ positionals: [, name, role], text }: Arguments, world: CommandWorld): Promise<Said> {
  const known = REMOTE_ROLES.find((one) => one === role);
  if (name === undefined || known === undefined)
    throw new CommandFailure(
      'usage',
      `say whom it is for and as what (${REMOTE_ROLES.join(', ')}): qlf remote token Ana observer`,
    );
  const given = text('days');
  const days = given === undefined ? null : Number(given);
  if (days !== null && (!Number.isInteger(days) || days < 1 || days > 3650))
    throw new CommandFailure('usage', `--days takes a whole number from 1 to 3650, not ${JSON.stringify(given)}`);
  const engine = await world.engine(WHAT);
  const value = await engine.call('remote.add-token', { name, role: known, days });
  return { value, text: `${value.token}\n` };
}

async function revoke({ positionals: [, id = ''] }: Arguments, world: CommandWorld): Promise<Said> {
  if (!/^[1-9]\d{0,8}$/.test(id))
    throw new CommandFailure(
      'usage',
      `the number of a token, as "qlf remote status" has it, not ${JSON.stringify(id)}`,
    );
  const engine = await world.engine(WHAT);
  await engine.call('remote.revoke', { id: Number(id) });
  return said(await engine.call('remote.get', {}));
}

const ACTIONS: Readonly<
  Record<string, { words: number; run: (args: Arguments, world: CommandWorld) => Promise<Said> }>
> = {
  status: { words: 1, run: async (_args, world) => said(await (await world.engine(WHAT)).call('remote.get', {})) },
  on: { words: 1, run: (args, world) => turn(true, args, world) },
  off: { words: 1, run: (args, world) => turn(false, args, world) },
  token: { words: 3, run: makeToken },
  revoke: { words: 2, run: revoke },
};

export const REMOTE: Command = {
  name: 'remote',
  usage: 'remote status | on | off | token NAME ROLE | revoke NUMBER',
  summary: 'the same interface in browsers elsewhere: whether, where and for whom',
  details:
    'Needs a running engine. ROLE is viewer, observer or engineer. "token" says the new token, once; it is kept as a digest only. ' +
    '"revoke" ends a token and everybody who is there by it.',
  positionals: [1, 3],
  options: [
    { name: 'port', value: 'P', words: 'on: TCP port; default: as it was, 8443 at first' },
    { name: 'host', value: 'ADDRESS', words: 'on: address to listen on, 127.0.0.1 for this computer alone' },
    { name: 'tokens-only', value: null, words: 'on: nobody may look without a token' },
    { name: 'days', value: 'N', words: 'token: ends after N days; default: when it is revoked' },
  ],
  value: Type.Union([RemoteStateSchema, Type.Object({ token: Type.String() })]),
  async run(args, world) {
    const [action = ''] = args.positionals;
    const known = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
    if (!known)
      throw new CommandFailure(
        'usage',
        `remote does ${Object.keys(ACTIONS).join(', ')}, not ${JSON.stringify(action)}`,
      );
    if (args.positionals.length > known.words)
      throw new CommandFailure('usage', `remote ${action}: that is one word too many`);
    return known.run(args, world);
  },
};
