import { Value } from 'typebox/value';
import type { Json } from '#shared/domain/measurement.ts';
import { EngineSettingsSchema, type EngineSettings } from '#shared/domain/settings.ts';

/** Settings of an engine that was never told otherwise. */
export function defaultSettings(processors: number): EngineSettings {
  return {
    flavors: ['science', 'object'],
    catchUp: true,
    parallel: Math.min(30, Math.max(1, processors)),
    jobTimeout: 600,
    heartbeat: 60,
    dosPeriod: 1.5,
    ingestPort: 8000,
    camerasExpected: 'auto',
    pipeline: { kind: 'built-in' },
    transferRate: null,
    transferStall: 30,
    transferAttempts: 4,
    transferWait: 120,
  };
}

/** Stored settings over the defaults; a stored value that no longer fits the schema gives way to the default. */
export function settingsFrom(stored: Json | undefined, defaults: EngineSettings): EngineSettings {
  const merged =
    typeof stored === 'object' && stored !== null && !Array.isArray(stored) ? { ...defaults, ...stored } : defaults;
  return Value.Check(EngineSettingsSchema, merged) ? merged : defaults;
}
