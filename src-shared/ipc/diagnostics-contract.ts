import Type from 'typebox';
import { DiagnosticsStateSchema } from '../domain/diagnostics.ts';

const None = Type.Object({}, { additionalProperties: false });

/** A bundle of what somebody must know who helps from elsewhere. */
export const DIAGNOSTICS_CONTRACT = {
  'diagnostics.state': { request: None, response: DiagnosticsStateSchema },
  /** Begins; one that is being made goes on. */
  'diagnostics.save': { request: None, response: DiagnosticsStateSchema },
  'diagnostics.cancel': { request: None, response: DiagnosticsStateSchema },
  /** Shows the last bundle in the system's file manager. */
  'diagnostics.show': { request: None, response: Type.Object({}) },
} as const;
