import Type, { type Static } from 'typebox';
import { Value } from 'typebox/value';

/** What the launcher and a hosted program say to each other: the program's own messages, and its exit code. */
const EnvelopeSchema = Type.Union([
  Type.Object({ kind: Type.Literal('message'), message: Type.Unknown() }),
  Type.Object({ kind: Type.Literal('exit'), code: Type.Integer() }),
]);
export type Envelope = Static<typeof EnvelopeSchema>;

/** Reads a message of the other side; undefined when it is none of ours. */
export function asEnvelope(data: unknown): Envelope | undefined {
  return Value.Check(EnvelopeSchema, data) ? data : undefined;
}
