import Type, { type Static } from 'typebox';

/** A saved version of the QL configuration; the newest is what the next exposure takes. */
export const ConfigurationVersionSchema = Type.Object({
  id: Type.Integer(),
  /** YAML text: the original's qlconfig schema, per flavor: { science: {...}, arc: {...}, ... } */
  yaml: Type.String(),
  author: Type.String(),
  reason: Type.String(),
  createdAt: Type.Number(),
});
export type ConfigurationVersion = Static<typeof ConfigurationVersionSchema>;

/** Parts of the saved configuration that are edited on their own: a flavor, or what a program of science has of its own. */
export const CONFIGURATION_SCOPES = [
  'science',
  'science/dark',
  'science/gray',
  'science/bright',
  'arc',
  'flat',
  'bias',
  'dark',
] as const;
export type ConfigurationScope = (typeof CONFIGURATION_SCOPES)[number];

/** Where a scope stands in a saved configuration, from the top. */
export function scopePath(scope: ConfigurationScope): [string] | ['programs', string] {
  const [flavor = '', program] = scope.split('/');
  return program === undefined ? [flavor] : ['programs', program];
}

/** A version without its text, for the list of versions. */
export const ConfigurationSummarySchema = Type.Object({
  id: Type.Integer(),
  author: Type.String(),
  reason: Type.String(),
  createdAt: Type.Number(),
  /** What differs from the version before; null where that was not noted. */
  scopes: Type.Union([Type.Array(Type.Enum(CONFIGURATION_SCOPES)), Type.Null()]),
  /** Runs that were frozen from it, and the first and last EXPID among them. */
  runs: Type.Integer(),
  firstExpid: Type.Union([Type.Integer(), Type.Null()]),
  lastExpid: Type.Union([Type.Integer(), Type.Null()]),
});
export type ConfigurationSummary = Static<typeof ConfigurationSummarySchema>;
