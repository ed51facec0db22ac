import { DEFAULT_ALARM_SETTINGS } from '#shared/domain/alarm.ts';
import type { CameraName } from '#shared/domain/camera.ts';
import type { Json, Measurement } from '#shared/domain/measurement.ts';
import type { HistoryFilter } from '#shared/domain/history.ts';
import { CHANNELS } from '#shared/ipc/channels.ts';
import type { Result } from '#shared/ipc/result.ts';
import type { LogFind, LogPage } from '#shared/domain/log.ts';
import type { ExposureFilter, TrendQuery } from '#shared/domain/trend.ts';
import type { ControlRoomState, RunDetail } from '#shared/state/control-room.ts';
import type { ControlRoomEvent, EventBatch } from '#shared/state/events.ts';
import type { RawBridge } from '../bridge.ts';
import { CLEARED_ALARMS, alarmStory } from './alarm-scenario.ts';
import { FIXTURE_NOW, exposure, measurement, room } from './fixture.ts';
import { deskAnswers } from './desk-answers.ts';
import { fiberAnswer } from './fiber-answers.ts';
import { settingsAnswer } from './settings-answers.ts';
import { historyAnswer, nightsAnswer, notesAnswer, reportAnswer } from './history-answers.ts';
import { logFind, logPage } from './log-answers.ts';
import { REFERENCE_VALUES } from './reference-exposure.ts';
import { busyScenario, goodScenario, seeded } from './scenario.ts';
import type { TelemetryQuery } from '#shared/domain/telemetry.ts';
import {
  conditionsAnswer,
  footprintAnswer,
  regressionAnswer,
  telemetryAnswer,
  tileExposures,
  trendAnswer,
} from './trend-answers.ts';

/** Moves every time of a scenario so that its moment is now. */
function nowadays<T>(value: T, shift: number): T {
  return JSON.parse(JSON.stringify(value), (key, item: unknown) => {
    if (key === 'dateObs' && typeof item === 'string') return new Date(Date.parse(item) + shift).toISOString();
    return typeof item === 'number' && Math.abs(item - FIXTURE_NOW) < 30 * 86_400_000 ? item + shift : item;
  }) as T;
}

function scenarioOf(name: string): ControlRoomState {
  switch (name) {
    case 'good':
      return goodScenario();
    case 'empty':
      return room({ engine: { ...room().engine, activity: 'idle' }, typicalStageMs: {} });
    case 'waiting':
      return room({
        exposures: [exposure(298_410, { state: 'registered', flavor: 'arc', program: 'arc', reason: 'not processed' })],
      });
    case 'lost': {
      const state = goodScenario();
      const lost = { state: 'lost' as const, lastContact: FIXTURE_NOW - 161_000, error: 'connection timed out' };
      return { ...state, connections: state.connections.map((c) => (c.name === 'dos' ? { ...c, ...lost } : c)) };
    }
    default:
      return busyScenario();
  }
}

/** A camera's measurements with values: the scenario's judged numbers over the reference arrays. */
function measurementsOf(detail: RunDetail, camera: CameraName): Measurement[] {
  const own = detail.measurements.filter((item) => item.camera === camera);
  const known = own.map((item): Measurement => {
    const value = structuredClone(REFERENCE_VALUES.get(item.metric) ?? { METRICS: {}, PARAMS: {} }) as {
      METRICS: Record<string, Json>;
    };
    for (const { key, elements } of item.keys)
      value.METRICS[key] = elements.length === 1 ? (elements[0]?.value ?? null) : elements.map((e) => e.value);
    return { ...item, value };
  });
  const foreign: Measurement = {
    ...measurement(camera, 'guidestars', [3], { status: 'unknown' }),
    value: { METRICS: { NSTARS: 3, FWHM: [0.91, 0.95, 1.02] }, PARAMS: { CAMERA: 'GFA' } },
  };
  return known.length > 0 ? [...known, foreign] : known;
}

/**
 * Stands in for the engine while the interface is looked at in an ordinary browser. `?scenario=busy|good|empty|lost`;
 * `&live` lets measurements arrive, `&silent` refuses every call, `&refuse` every one but that for the state of the room, and `&pending`
 * never answers those.
 */
export function devBridge(query: URLSearchParams): RawBridge {
  const shift = Date.now() - FIXTURE_NOW;
  const state = nowadays(scenarioOf(query.get('scenario') ?? 'busy'), shift);
  const random = seeded(11);
  const alarms = {
    open: state.alarms,
    cleared: state.alarms.length > 0 ? nowadays([...CLEARED_ALARMS], shift) : [],
  };
  const desk = deskAnswers();
  let seq = state.seq;
  const ok = (value: unknown): Result<unknown> => ({ ok: true, value });

  const history = (count: number): unknown => {
    const spread = (): number => 1 + (random() - 0.5) * 0.08;
    return Array.from({ length: count }, (_, i) => ({
      expid: 298_398 + i,
      status: 'normal',
      values: [2.6 * spread(), 2.6 * spread(), i < count - 2 ? 2.6 * spread() : 4.2 + 0.2 * i, 2.6 * spread()],
    }));
  };

  const answer = (channel: string, request: Record<string, unknown>): Result<unknown> => {
    if (!(CHANNELS as readonly string[]).includes(channel))
      return { ok: false, error: { code: 'bad-request', message: channel } };
    if (query.has('silent'))
      return { ok: false, error: { code: 'unavailable', message: 'The engine is not running.' } };
    if (query.has('refuse') && channel !== 'control-room.snapshot')
      return { ok: false, error: { code: 'unavailable', message: 'The database is locked. QLF goes on by itself.' } };
    switch (channel) {
      case 'control-room.snapshot':
        return ok({ ...state, seq });
      case 'alarm.list': {
        const listed = request['view'] === 'active' ? alarms.open : [...alarms.open, ...alarms.cleared];
        return ok({ total: listed.length, alarms: listed });
      }
      case 'alarm.get':
        return ok({
          alarm: [...alarms.open, ...alarms.cleared].find(({ id }) => id === request['id']),
          history: nowadays(alarmStory(Number(request['id'])), shift),
        });
      case 'alarm-settings.get':
        return ok(DEFAULT_ALARM_SETTINGS);
      case 'run.get':
        return state.current
          ? ok({
              ...state.current,
              run: { ...state.current.run, id: request['runId'], state: 'done', endedAt: Date.now() },
            })
          : ok(null);
      case 'job.measurements':
        return ok(state.current ? measurementsOf(state.current, request['camera'] as CameraName) : []);
      case 'job.log': {
        const lines = Array.from(
          { length: 240 },
          (_, i) =>
            `${i % 60 === 17 ? 'WARNING' : i === 200 ? 'ERROR' : 'INFO'} : line ${i + 1} of ${String(request['camera'])}`,
        );
        const offset = Number(request['offset']);
        return ok({ total: lines.length, offset, lines: lines.slice(offset, offset + Number(request['limit'])) });
      }
      case 'history.list':
        return ok(
          historyAnswer(request['filter'] as HistoryFilter, Number(request['limit']), Number(request['offset'])),
        );
      case 'history.nights':
        return ok(nightsAnswer(String(request['from']), String(request['to'])));
      case 'history.choices':
        return ok({
          ...{ flavors: ['arc', 'flat', 'science'], programs: ['arc', 'bright', 'dark', 'flat'] },
          ...{ firstNight: '20251215', lastNight: '20261121' },
        });
      case 'notes.get':
        return ok(notesAnswer(Number(request['expid'])));
      case 'report.night':
        return ok(reportAnswer(String(request['night'])));
      case 'metric.history':
        return ok(request['key'] === 'NOISE_AMP' ? history(20) : []);
      case 'log.files':
        return ok([
          { name: 'engine-20261121.log', bytes: 1_400_000, modifiedAt: Date.now(), current: true },
          { name: 'engine-20261120.log', bytes: 2_100_000, modifiedAt: Date.now() - 86_400_000, current: false },
        ]);
      case 'log.page':
        return ok(logPage(request as unknown as LogPage));
      case 'log.find':
        return ok(logFind(request as unknown as LogFind));
      case 'log.runs':
        return ok({ total: 1, runs: state.current ? [state.current.run] : [] });
      case 'trend.catalogue':
        return ok({
          series: [{ metric: 'getrms', key: 'NOISE_AMP' }],
          flavors: ['arc', 'science'],
          programs: ['bright', 'dark', 'gray'],
          firstNight: '20261101',
          lastNight: '20261121',
          exposures: 300,
        });
      case 'trend.lines':
        return ok(trendAnswer(request as unknown as TrendQuery));
      case 'trend.regression':
        return ok(regressionAnswer((request as unknown as TrendQuery).cameras));
      case 'trend.conditions':
        return ok(conditionsAnswer((request as unknown as ExposureFilter).period.kind));
      case 'trend.telemetry':
        return ok(telemetryAnswer((request as unknown as TelemetryQuery).name));
      case 'footprint.get':
        return ok(footprintAnswer());
      case 'footprint.exposures':
        return ok(tileExposures());
      case 'test-environment.state':
        return ok({
          activity: 'waiting',
          exposure: {
            expid: 298_417,
            night: '20261121',
            flavor: 'science',
            program: 'dark',
            exptime: 900,
            begins: Date.now() + 14_000,
            appears: Date.now() + 14_000,
          },
          last: { expid: 298_416, seconds: 4.2 },
          problem: '',
        });
      case 'test-environment.get':
        return ok({
          seed: 4242,
          size: 'compact',
          cadence: 'accelerated',
          acceleratedPeriod: 30,
          faults: [{ name: 'noisy-amplifier', camera: 'r3', amplifier: 'C' }],
        });
      case 'image.open':
      case 'image.traces':
      case 'fits.choose':
        return { ok: false, error: { code: 'unavailable', message: 'There are no images behind this stand-in.' } };
      case 'app.info':
        return ok({ version: '0.1.0', electron: 'none', platform: 'browser' });
      case 'diagnostics.state':
        return ok({ state: 'idle', step: 'database', share: 0, file: '', bytes: 0, error: '' });
      default:
        return ok(desk(channel, request) ?? settingsAnswer(channel, request) ?? fiberAnswer(channel, request) ?? {});
    }
  };

  return {
    call: (channel, request) => {
      if (channel !== 'control-room.snapshot' && query.has('pending')) return new Promise(() => undefined);
      return Promise.resolve(answer(channel, (request ?? {}) as Record<string, unknown>));
    },
    openFile: () => Promise.resolve({ ok: false, error: { code: 'unavailable', message: 'There are no files here.' } }),
    onEvents(listener) {
      const send = (events: ControlRoomEvent[]): void => {
        const batch: EventBatch = { firstSeq: seq + 1, events, sentAt: Date.now() };
        seq += events.length;
        listener(batch);
      };
      const timer = setInterval(
        () => {
          const dos = state.connections.find(({ name }) => name === 'dos');
          if (dos && dos.state === 'ok')
            send([{ type: 'connection', connection: { ...dos, lastContact: Date.now() } }]);
          if (!query.has('live') || !state.current) return;
          const { jobs } = state.current;
          const some = jobs[Math.floor(random() * jobs.length)];
          const next =
            some &&
            measurement(
              some.camera,
              'getrms',
              [0, 1, 2, 3].map(() => 2.4 + 0.6 * random()),
              { revision: Math.floor(Date.now() / 100) },
            );
          if (next) send([{ type: 'measurement', measurement: next }]);
        },
        query.has('live') ? 20 : 1000,
      );
      return () => {
        clearInterval(timer);
      };
    },
  };
}
