import { availableParallelism } from 'node:os';
import { isDeepStrictEqual } from 'node:util';
import type { EngineSettings } from '#shared/domain/settings.ts';
import type { Store } from './domain/ports/store.ts';
import type { CommandLine } from './options.ts';
import type { Programs } from './domain/ports/programs.ts';
import { defaultSettings, settingsFrom } from './orchestrator/settings.ts';
import { readPipelineFile } from './pipeline/pipeline-file.ts';

const SETTINGS = 'settings';

type Said = Pick<CommandLine, 'catchUp' | 'parallel' | 'ingestPort'> & {
  pipeline?: string | null;
  /** Where is kept which programs may run; undefined: all may. */
  programs?: Programs | undefined;
};

/** Settings that may change at any time, over what the command line says for this start. */
export function liveSettings(db: Pick<Store, 'setting' | 'saveSetting'>, options: Said) {
  const defaults = defaultSettings(availableParallelism());
  const pipeline = options.pipeline ? readPipelineFile(options.pipeline) : null;
  const stored = (): EngineSettings => settingsFrom(db.setting(SETTINGS), defaults);
  const said: Partial<EngineSettings> = {
    ...(options.catchUp === null ? {} : { catchUp: options.catchUp }),
    ...(options.parallel === null ? {} : { parallel: options.parallel }),
    ...(options.ingestPort === null ? {} : { ingestPort: options.ingestPort }),
    ...(pipeline === null ? {} : { pipeline }),
  };
  let over = said;
  const get = (): EngineSettings => ({ ...stored(), ...over });
  return {
    get,
    /** What a person changes now counts more than what the command line said; what stays is not kept for later starts. */
    save: (settings: EngineSettings) => {
      const { pipeline: next } = settings;
      // Whoever may call this for a new program may run it anyway: pages are asked before (programs/guard.ts).
      if (next.kind !== 'built-in' && !isDeepStrictEqual(next, get().pipeline)) options.programs?.allow(next);
      const kept = Object.entries(over).filter(([key, value]) =>
        isDeepStrictEqual(value, settings[key as keyof EngineSettings]),
      );
      over = Object.fromEntries(kept);
      const before = stored();
      const untouched = Object.fromEntries(kept.map(([key]) => [key, before[key as keyof EngineSettings]]));
      db.saveSetting(SETTINGS, { ...settings, ...untouched });
    },
  };
}
