import type { FastifySchemaCompiler, FastifyTypeProvider } from 'fastify';
import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Value } from 'typebox/value';
import { RequestError } from './api-error.ts';

/** Lets Fastify's handlers see the types of their schemas. */
export interface SchemaTypes extends FastifyTypeProvider {
  validator: this['schema'] extends TSchema ? Static<this['schema']> : unknown;
  serializer: this['schema'] extends TSchema ? Static<this['schema']> : unknown;
}

const MAX_DETAILS = 20;

/**
 * Checks requests against their schemas. A body is taken as it is: '3' is no number. Query and path are text by nature and are
 * converted first.
 */
export const compileValidator: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const validator = Compile(schema);
  return (data: unknown) => {
    const value = httpPart === 'body' ? data : Value.Convert(schema, data);
    if (validator.Check(value)) return { value };
    const details = validator
      .Errors(value)
      .slice(0, MAX_DETAILS)
      .map(({ instancePath, message }) => ({ path: instancePath, message }));
    const [first] = details;
    const where = httpPart === 'body' ? 'the body' : `the ${httpPart ?? 'request'}`;
    const what = first ? `: ${first.path === '' ? '' : `${first.path} `}${first.message}` : '';
    return { error: new RequestError('invalid', `${where} does not fit its schema${what}`, { details }) };
  };
};
