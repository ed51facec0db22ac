import Type, { type Static, type TSchema } from 'typebox';
import type { Channel } from './channels.ts';
import { CONTRACT, type Handlers, type Request, type Response } from './contract.ts';

/** Channels of the interface's contract that a command line may call; the others need a person before a screen. */
const SHARED_CHANNELS = [
  'app.info',
  'control-room.snapshot',
  'exposure.list',
  'exposure.get',
  'exposure.process',
  'run.get',
  'job.retry',
  'settings.get',
  'settings.set',
  'folders.get',
  'storage.get',
  'storage.set',
  'storage.preview',
  'storage.clean',
  'alarm-settings.get',
  'alarm-settings.set',
  'configuration.current',
  'configuration.save',
  'configuration.open',
  'configuration.set-value',
  'configuration.save-scope',
  'report.night',
  'remote.get',
  'remote.set',
  'remote.add-token',
  'remote.revoke',
] as const satisfies readonly Channel[];

/** What only a command line asks for: it names a path itself, where the page lets a person choose. */
const OWN_CONTRACT = {
  /** Takes in an exported night's folder; goes on after the answer, `storage.get` tells of it. */
  'night.import-from': {
    request: Type.Object(
      { folder: Type.String({ minLength: 1, maxLength: 4096, pattern: '^[^\\u0000]+$' }) },
      { additionalProperties: false },
    ),
    response: Type.Object({ begun: Type.Boolean() }),
  },
} as const;

type SharedChannel = (typeof SHARED_CHANNELS)[number];
type OwnChannel = keyof typeof OWN_CONTRACT;
export type CommandChannel = SharedChannel | OwnChannel;

export type CommandRequest<C extends CommandChannel> = C extends SharedChannel
  ? Request<C>
  : C extends OwnChannel
    ? Static<(typeof OWN_CONTRACT)[C]['request']>
    : never;
export type CommandResponse<C extends CommandChannel> = C extends SharedChannel
  ? Response<C>
  : C extends OwnChannel
    ? Static<(typeof OWN_CONTRACT)[C]['response']>
    : never;

/** The engine's side of what only a command line asks for. */
export type OwnCommandHandlers = {
  [C in OwnChannel]: (request: CommandRequest<C>) => CommandResponse<C> | Promise<CommandResponse<C>>;
};
export type CommandHandlers = Pick<Handlers, SharedChannel> & OwnCommandHandlers;

type Schemas = { request: TSchema; response: TSchema };
const contract: Partial<Record<CommandChannel, Schemas>> = { ...OWN_CONTRACT };
for (const channel of SHARED_CHANNELS) contract[channel] = CONTRACT[channel];

/** The contract between a command line and the engine: channel → request and response, as the interface's. */
export const COMMAND_CONTRACT = contract as Readonly<Record<CommandChannel, Schemas>>;

export function isCommandChannel(name: string): name is CommandChannel {
  return Object.hasOwn(COMMAND_CONTRACT, name);
}

/** Raised where an older command line and a newer engine, or the other way round, would misunderstand each other. */
export const COMMAND_PROTOCOL = 1;

/** The engine's first line. */
export const GreetingSchema = Type.Object({
  qlf: Type.String(),
  protocol: Type.Integer(),
  pid: Type.Integer({ minimum: 1 }),
});
export type Greeting = Static<typeof GreetingSchema>;

/** One call, a line of JSON; the answer is a `Result` with the same id, a line of JSON too. */
export const CommandCallSchema = Type.Object(
  {
    id: Type.Integer({ minimum: 0, maximum: 0x7fff_ffff }),
    channel: Type.String({ minLength: 1, maxLength: 64 }),
    request: Type.Unknown(),
  },
  { additionalProperties: false },
);
export const CommandAnswerSchema = Type.Union([
  Type.Object({ id: Type.Integer(), ok: Type.Literal(true), value: Type.Unknown() }),
  Type.Object({
    id: Type.Integer(),
    ok: Type.Literal(false),
    error: Type.Object({ code: Type.String(), message: Type.String() }),
  }),
]);
