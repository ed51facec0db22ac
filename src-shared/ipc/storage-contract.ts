import Type from 'typebox';
import { NightSchema } from '../domain/night.ts';
import { AuthorSchema } from '../domain/notes.ts';
import {
  BackupFileSchema,
  CleanedSchema,
  CleaningPlanSchema,
  StorageSettingsSchema,
  StorageWorkSchema,
} from '../domain/storage.ts';

const Strict = { additionalProperties: false };
const None = Type.Object({}, Strict);
const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
/** False: the person thought better of it. */
const Begun = Type.Object({ begun: Type.Boolean() });

/** Disk space, copies of the database, nights as files. Long work goes on after the answer; `storage.get` tells of it. */
export const STORAGE_CONTRACT = {
  'storage.get': {
    request: None,
    response: Type.Object({
      settings: StorageSettingsSchema,
      work: Nullable(StorageWorkSchema),
      /** Newest first, at most 12. */
      cleaned: Type.Array(CleanedSchema),
      backupFolder: Type.String(),
      /** Newest first. */
      backups: Type.Array(BackupFileSchema),
    }),
  },
  'storage.set': { request: Type.Object({ settings: StorageSettingsSchema }, Strict), response: StorageSettingsSchema },
  /** What a cleaning now would delete and what it would keep; nothing is touched. Null: cancelled. */
  'storage.preview': { request: None, response: Nullable(CleaningPlanSchema) },
  'storage.clean': { request: Type.Object({ by: AuthorSchema }, Strict), response: Begun },
  'storage.cancel': { request: None, response: Type.Object({}) },
  /** Asks where to, and copies the database there. */
  'storage.backup': { request: None, response: Begun },
  /**
   * Exchanges the database for a copy of it: one of those listed, or (null) one that the person chooses. The copy is proven and
   * laid beside first, which can be cancelled; then the engine is closed and opened again. `replaced` is where the former
   * database lies, null: the person thought better of it.
   */
  'storage.restore': {
    request: Type.Object({ backup: Nullable(Type.String({ pattern: '^qlf-[0-9TZ]{16}\\.db$' })) }, Strict),
    response: Type.Object({ replaced: Nullable(Type.String()) }),
  },
  /** Asks for a folder and writes the night into a new one in it. */
  'night.export': {
    request: Type.Object({ night: NightSchema, products: Type.Boolean() }, Strict),
    response: Begun,
  },
  /** Takes in what is not here of an exported night: one that was opened, else of a folder that it asks for. */
  'night.import': {
    request: Type.Object({ offer: Type.Optional(Type.String({ pattern: '^[0-9a-f-]{36}$' })) }, Strict),
    response: Begun,
  },
} as const;
