import { parse } from 'yaml';
import { CAMERAS } from '#shared/domain/camera.ts';
import type { ConfigurationScope, ConfigurationSummary } from '#shared/domain/configuration.ts';
import type { LimitSamples } from '#shared/domain/limit-samples.ts';
import type { LimitRule } from '#shared/domain/limits.ts';
import type { Json } from '#shared/domain/measurement.ts';
import { judgeKey } from '#shared/qa/status.ts';
import science from '../../resources/qlconfig/science.yaml?raw';
import { seeded } from './scenario.ts';

const DAY = 86_400_000;
const version = (id: number, reason: string, age: number, runs: number): ConfigurationSummary => ({
  id,
  author: id === 1 ? 'QLF' : 'Lead observer',
  reason,
  createdAt: Date.now() - age * DAY,
  scopes: id === 1 ? null : ['science'],
  runs,
  firstExpid: runs === 0 ? null : 298_417 - 40 * (4 - id) - runs,
  lastExpid: runs === 0 ? null : 298_417 - 40 * (4 - id),
});
const VERSIONS = [
  version(3, 'sky lines of the new list', 2, 38),
  version(2, 'wider limits of the z flat', 9, 240),
  version(1, 'first configuration', 30, 412),
];

const RULE: LimitRule = {
  ...{ key: 'NOISE_AMP', camera: 'r3', element: 'C', flavor: null, program: 'dark', from: null, until: null },
  ...{ reference: null, normal: [-2.5, 2.5], warn: [-4, 4] },
};
const LIMITS = {
  ...{ id: 1, rules: [RULE], author: 'Lead observer', reason: 'known pick-up of r3 C' },
  createdAt: Date.now() - 5 * DAY,
};

/** What a flavor or a program would be read as; null while the text is no YAML. */
function read(text: string): Json {
  try {
    return (parse(text) as Json | undefined) ?? {};
  } catch {
    return null;
  }
}

function opened(scope: ConfigurationScope) {
  const isProgram = scope.includes('/');
  return {
    ...{ scope, version: 3, newest: 3, size: 'compact' },
    ...{ text: isProgram ? '' : science, standard: isProgram ? '' : science, base: isProgram ? science : null },
  };
}

/** Noise of some nights in which one amplifier grows louder. */
function samples(): LimitSamples {
  const random = seeded(5);
  const ranges: LimitSamples['ranges'] = [{ normal: [-1.5, 1.5], warn: [-2, 2] }];
  const exposures = Array.from({ length: 60 }, (_, i) => ({
    ...{ expid: 298_358 + i, runId: 6900 + i, night: i < 30 ? '20261120' : '20261121' },
    ...{ flavor: 'science', program: 'dark', flag: i === 44 ? 'bad' : null },
  }));
  const list = exposures.flatMap((_, exposure) =>
    CAMERAS.flatMap((camera) =>
      ['A', 'B', 'C', 'D'].map((element) => {
        const loud = camera === 'r3' && element === 'C' && exposure > 40 ? 0.12 * (exposure - 40) : 0;
        const value = 2.45 + 0.3 * random() + loud;
        const [status = 'unknown'] = judgeKey({
          ...{ key: 'NOISE_AMP', values: [value], references: [2.6] },
          ...{ normal: [-1.5, 1.5], warn: [-2, 2] },
        }).elements;
        return { exposure, camera, element, value, reference: 2.6, ranges: 0, status };
      }),
    ),
  );
  return { exposures, ranges, samples: list };
}

/** Configuration and limits as the engine would answer; undefined for every other channel. */
export function settingsAnswer(channel: string, request: Record<string, unknown>): unknown {
  const scope = request['scope'] as ConfigurationScope;
  switch (channel) {
    case 'configuration.versions':
      return { total: VERSIONS.length, versions: VERSIONS };
    case 'configuration.open':
      return opened(scope);
    case 'configuration.check': {
      const own = read(String(request['text']));
      const problem = { path: [], message: 'this is no YAML', line: 1, elsewhere: null };
      return { problems: own === null ? [problem] : [], resolved: own, own, result: '' };
    }
    case 'configuration.set-value':
      return { text: String(request['text']) };
    case 'limits.current':
    case 'limits.version':
      return LIMITS;
    case 'limits.versions':
      return {
        total: 1,
        versions: [{ ...LIMITS, rules: LIMITS.rules.length, runs: 58, firstExpid: 298_359, lastExpid: 298_416 }],
      };
    case 'limits.samples':
      return request['key'] === 'NOISE_AMP' ? samples() : { exposures: [], ranges: [], samples: [] };
    case 'settings.get':
      return {
        ...{ flavors: ['science', 'object'], catchUp: true, parallel: 30, jobTimeout: 600, heartbeat: 60 },
        ...{ dosPeriod: 1.5, ingestPort: 8000, camerasExpected: 'auto', pipeline: { kind: 'built-in' } },
        ...{ transferRate: null, transferStall: 30, transferAttempts: 4, transferWait: 120 },
      };
    case 'folders.get':
      return {
        ...{ current: { data: '/data/qlf', source: null }, next: { data: '/data/qlf', source: null } },
        ...{ standard: '/data/qlf', first: false },
      };
    default:
      return undefined;
  }
}
