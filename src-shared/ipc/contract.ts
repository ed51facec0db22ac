import Type, { type Static, type TSchema } from 'typebox';
import { CameraSchema } from '../domain/camera.ts';
import { ConfigurationVersionSchema } from '../domain/configuration.ts';
import { ExposureSchema } from '../domain/exposure.ts';
import { MeasurementSchema } from '../domain/measurement.ts';
import { EngineSettingsSchema, FolderSettingsSchema } from '../domain/settings.ts';
import {
  EXPOSURE_KIND_NAMES,
  TestEnvironmentSettingsSchema,
  TestEnvironmentStateSchema,
} from '../domain/test-environment.ts';
import type { ControlRoomState, RunDetail } from '../state/control-room.ts';
import type { Channel } from './channels.ts';
import { DIAGNOSTICS_CONTRACT } from './diagnostics-contract.ts';
import { LOGS_CONTRACT } from './logs-contract.ts';
import { STORAGE_CONTRACT } from './storage-contract.ts';
import { TRENDS_CONTRACT } from './trends-contract.ts';
import { HISTORY_CONTRACT } from './history-contract.ts';
import { NOTES_CONTRACT } from './notes-contract.ts';
import { REMOTE_CONTRACT } from './remote-contract.ts';
import { REPORT_CONTRACT } from './report-contract.ts';
import { CONNECT_CONTRACT } from './connect-contract.ts';
import { SETTINGS_CONTRACT } from './settings-contract.ts';
import { ALARM_CONTRACT } from './alarm-contract.ts';
import { FIBERS_CONTRACT } from './fibers-contract.ts';
import { IMAGE_CONTRACT } from './image-contract.ts';

const Id = Type.Integer({ minimum: 1 });
const Expid = Type.Integer({ minimum: 0, maximum: 99_999_999 });
const None = Type.Object({}, { additionalProperties: false });
const Done = Type.Object({});
const request = <P extends Record<string, TSchema>>(properties: P) =>
  Type.Object(properties, { additionalProperties: false });
const Page = { limit: Type.Integer({ minimum: 1, maximum: 1000 }), offset: Type.Integer({ minimum: 0 }) };

/**
 * The whole contract between engine and interface: channel → request and response. The engine checks every request
 * against its schema; answers come in a `Result` envelope.
 */
export const CONTRACT = {
  'app.info': {
    request: None,
    response: Type.Object({ version: Type.String(), electron: Type.String(), platform: Type.String() }),
  },
  'control-room.snapshot': { request: None, response: Type.Unsafe<ControlRoomState>(Type.Object({})) },
  'engine.start': { request: None, response: Done },
  'engine.stop': { request: None, response: Done },
  'engine.reset': { request: None, response: Done },
  'engine.set-mode': { request: request({ mode: Type.Enum(['auto', 'manual']) }), response: Done },
  /** What waits for its next attempt at the DOS or at files is tried at once. */
  'engine.try-now': { request: None, response: Done },
  'exposure.list': {
    request: request(Page),
    response: Type.Object({ total: Type.Integer(), exposures: Type.Array(ExposureSchema) }),
  },
  'exposure.process': { request: request({ expid: Expid }), response: Done },
  'run.get': { request: request({ runId: Id }), response: Type.Unsafe<RunDetail>(Type.Object({})) },
  'run.cancel': { request: request({ runId: Id }), response: Done },
  'job.retry': { request: request({ runId: Id, camera: CameraSchema }), response: Done },
  'job.measurements': {
    request: request({ runId: Id, camera: CameraSchema }),
    response: Type.Array(MeasurementSchema),
  },
  'job.log': {
    request: request({ runId: Id, camera: CameraSchema, ...Page }),
    response: Type.Object({ total: Type.Integer(), offset: Type.Integer(), lines: Type.Array(Type.String()) }),
  },
  /** Recent values of one METRICS key of one camera, oldest first, for the row's history. */
  'metric.history': {
    request: request({ camera: CameraSchema, metric: Type.String(), key: Type.String(), limit: Page.limit }),
    response: Type.Array(
      Type.Object({
        expid: Type.Integer(),
        status: Type.String(),
        values: Type.Array(Type.Union([Type.Number(), Type.Null()])),
      }),
    ),
  },
  'configuration.current': { request: None, response: ConfigurationVersionSchema },
  'configuration.save': {
    request: request({
      yaml: Type.String({ maxLength: 1_000_000 }),
      author: Type.String({ minLength: 1, maxLength: 200 }),
      reason: Type.String({ maxLength: 2000 }),
    }),
    response: ConfigurationVersionSchema,
  },
  'settings.get': { request: None, response: EngineSettingsSchema },
  'settings.set': { request: request({ settings: EngineSettingsSchema }), response: EngineSettingsSchema },
  /** The folders in use now, those chosen, and QLF's own where none is; `first`: nobody has ever chosen. */
  'folders.get': {
    request: None,
    response: Type.Object({
      current: FolderSettingsSchema,
      next: FolderSettingsSchema,
      standard: Type.String(),
      first: Type.Boolean(),
    }),
  },
  'folders.set': { request: request({ folders: FolderSettingsSchema }), response: Done },
  ...ALARM_CONTRACT,
  ...FIBERS_CONTRACT,
  ...IMAGE_CONTRACT,
  ...SETTINGS_CONTRACT,
  ...CONNECT_CONTRACT,
  ...LOGS_CONTRACT,
  ...DIAGNOSTICS_CONTRACT,
  ...TRENDS_CONTRACT,
  'test-environment.get': {
    request: None,
    response: Type.Union([TestEnvironmentSettingsSchema, Type.Null()]),
  },
  'test-environment.set': { request: request({ settings: TestEnvironmentSettingsSchema }), response: Done },
  /** An exposure of that kind now; null: what the night's schedule has next. */
  'test-environment.expose-now': {
    request: request({ kind: Type.Optional(Type.Union([Type.Enum(EXPOSURE_KIND_NAMES), Type.Null()])) }),
    response: Done,
  },
  'test-environment.state': { request: None, response: Type.Union([TestEnvironmentStateSchema, Type.Null()]) },
  ...NOTES_CONTRACT,
  ...HISTORY_CONTRACT,
  ...REPORT_CONTRACT,
  ...STORAGE_CONTRACT,
  ...REMOTE_CONTRACT,
} as const satisfies Record<Channel, { request: TSchema; response: TSchema }>;

export type Request<C extends Channel> = Static<(typeof CONTRACT)[C]['request']>;
export type Response<C extends Channel> = Static<(typeof CONTRACT)[C]['response']>;

/** The engine's side of the contract: a function per channel that returns the value or throws a QlfError. */
export type Handlers = { [C in Channel]: (request: Request<C>) => Response<C> | Promise<Response<C>> };
