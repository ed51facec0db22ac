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
