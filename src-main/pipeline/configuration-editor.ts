import { isDeepStrictEqual } from 'node:util';
import { isMap, type Document } from 'yaml';
import {
  CONFIGURATION_SCOPES,
  scopePath,
  type ConfigurationScope,
  type ConfigurationVersion,
} from '#shared/domain/configuration.ts';
import type { Json } from '#shared/domain/measurement.ts';
import {
  checkSavedConfiguration,
  resolveConfiguration,
  type SavedConfiguration,
} from '#shared/domain/ql-configuration.ts';
import { scienceProgramOf, type QlFlavor } from '#shared/domain/ql-flavor.ts';
import type { Response } from '#shared/ipc/contract.ts';
import { QlfError } from '#shared/ipc/result.ts';
import type { Store } from '../domain/ports/store.ts';
import { partOf, withPart, withValue } from './configuration-text.ts';
import { defaultConfiguration, lay } from './default-configuration.ts';
import { followSize, type InstrumentSize } from './follow-size.ts';
import { LAYOUT, lineOf, parseSavedConfiguration, readYaml } from './ql-yaml.ts';

export interface ConfigurationEditorParts {
  store: Pick<Store, 'currentConfiguration' | 'configuration' | 'saveConfiguration'>;
  resourcesDir: string;
  /** Size of the emulated instrument as it is set now; null on real nights. */
  size: () => InstrumentSize | null;
  now: () => number;
}

interface Saving {
  scope: ConfigurationScope;
  text: string;
  author: string;
  reason: string;
  basedOn: number;
}

/** The saved configuration in parts: opened, checked, changed and saved as new versions. */
export interface ConfigurationEditor {
  open(scope: ConfigurationScope, version: number | null): Response<'configuration.open'>;
  check(scope: ConfigurationScope, text: string): Response<'configuration.check'>;
  setValue(scope: ConfigurationScope, text: string, path: readonly (string | number)[], value: Json): string;
  save(saving: Saving): ConfigurationVersion;
  /** Saves a whole text. @throws QlfError `invalid-configuration` */
  saveWhole(whole: Omit<ConfigurationVersion, 'id' | 'createdAt'>): ConfigurationVersion;
}

const flavorOf = (scope: ConfigurationScope): QlFlavor => scope.split('/')[0] as QlFlavor;
const programOf = (scope: ConfigurationScope) => scienceProgramOf(scope.split('/')[1] ?? null);

/** What a saved text says; of one that cannot be read, nothing: it must not keep a good one from being saved. */
function readableValue(text: string): ReturnType<typeof readYaml>['value'] {
  try {
    return readYaml(text).value;
  } catch {
    return {};
  }
}

/** The parts in which two whole configurations differ. */
function changedScopes(before: unknown, after: unknown): ConfigurationScope[] {
  const at = (whole: unknown, path: readonly string[]): unknown =>
    path.reduce<unknown>(
      (value, key) =>
        typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined,
      whole,
    );
  return CONFIGURATION_SCOPES.filter((scope) => {
    const path = scopePath(scope);
    return !isDeepStrictEqual(at(before, path), at(after, path));
  });
}

export function createConfigurationEditor(parts: ConfigurationEditorParts): ConfigurationEditor {
  const { store, resourcesDir, size, now } = parts;

  /** A version as the observer shall see it: references of the emulated instrument in its present size. */
  const documentOf = (yaml: string): Document => {
    const { document } = readYaml(yaml);
    const present = size();
    if (present) followSize(document, present, resourcesDir);
    return document;
  };
  const standard = (): string => {
    const present = size();
    if (present === null) return defaultConfiguration('stock', resourcesDir);
    return defaultConfiguration(present === 'full' ? 'test-environment-full' : 'test-environment', resourcesDir);
  };
  /** The text that jobs of a program read. */
  const resultOf = (scope: ConfigurationScope, own: ReturnType<typeof readYaml>): string => {
    if (programOf(scope) === undefined) return '';
    const document = documentOf(store.currentConfiguration().yaml);
    if (isMap(own.document.contents)) lay(own.document, document, [flavorOf(scope)]);
    return partOf(document, [flavorOf(scope)]);
  };
  const wholeWith = (scope: ConfigurationScope, text: string): string =>
    withPart(documentOf(store.currentConfiguration().yaml).toString(LAYOUT), scopePath(scope), text);

  const saveWhole: ConfigurationEditor['saveWhole'] = ({ yaml, author, reason }) => {
    const after = parseSavedConfiguration(yaml);
    const before = readableValue(store.currentConfiguration().yaml);
    return store.saveConfiguration({ yaml, author, reason, createdAt: now() }, changedScopes(before, after));
  };

  return {
    open(scope, version) {
      const newest = store.currentConfiguration();
      const wanted = version === null ? newest : store.configuration(version);
      if (!wanted) throw new QlfError('not-found', `there is no version ${String(version)} of the QL configuration`);
      const document = documentOf(wanted.yaml);
      const path = scopePath(scope);
      return {
        scope,
        version: wanted.id,
        newest: newest.id,
        text: partOf(document, path),
        standard: partOf(readYaml(standard()).document, path),
        base: programOf(scope) === undefined ? null : partOf(document, [flavorOf(scope)]),
        size: size(),
      };
    },
    check(scope, text) {
      let own: ReturnType<typeof readYaml>;
      try {
        own = readYaml(text);
      } catch (error) {
        if (!(error instanceof QlfError)) throw error;
        const line = /line (\d+)/.exec(error.message)?.[1];
        const message = error.message.replace(/^QL configuration refused: /, '');
        return {
          problems: [{ path: [], message, line: line === undefined ? null : Number(line), elsewhere: null }],
          resolved: null,
          result: '',
          own: null,
        };
      }
      const path = scopePath(scope);
      const value = (own.value ?? null) as Json;
      const whole = documentOf(store.currentConfiguration().yaml).toJS() as Record<string, unknown>;
      if (path.length === 1) whole[path[0]] = value;
      else {
        const programs = Object.entries((whole['programs'] ?? {}) as Record<string, unknown>);
        const others = programs.filter(([program]) => program !== path[1]);
        whole['programs'] = Object.fromEntries(value === null ? others : [...others, [path[1], value]]);
      }
      const problems = checkSavedConfiguration(whole).map((problem) => {
        const inside = path.every((key, i) => problem.path[i] === key);
        if (!inside) return { ...problem, line: null, elsewhere: problem.path.slice(0, 2).join(', ') };
        const at = problem.path.slice(path.length);
        return { path: at, message: problem.message, line: lineOf(own.document, own.lines, at), elsewhere: null };
      });
      const resolved = resolveConfiguration(whole as SavedConfiguration, flavorOf(scope), programOf(scope));
      return { problems, resolved, result: resultOf(scope, own), own: value };
    },
    setValue: (_scope, text, path, value) => withValue(text, path, value),
    save({ scope, text, author, reason, basedOn }) {
      const newest = store.currentConfiguration();
      if (newest.id !== basedOn)
        throw new QlfError(
          'conflict',
          `${newest.author} has saved version ${String(newest.id)} of the QL configuration meanwhile: ` +
            'load it, and make your change again',
        );
      return saveWhole({ yaml: wholeWith(scope, text), author, reason });
    },
    saveWhole,
  };
}
