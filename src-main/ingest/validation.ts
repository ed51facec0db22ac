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

/** What is wrong with something sent; the message goes on after its name. */
export interface Unfit {
  message: string;
  details?: { path: string; message: string }[];
}

const MAX_DETAILS = 20;

/** Makes a check of values against a schema; it answers null for those that fit. */
export function schemaCheck(schema: TSchema): (value: unknown) => Unfit | null {
  const validator = Compile(schema);
  return (value) => {
    if (validator.Check(value)) return null;
    const details = validator
      .Errors(value)
      .slice(0, MAX_DETAILS)
      .map(({ instancePath, message }) => ({ path: instancePath, message }));
    const [first] = details;
    const what = first ? `: ${first.path === '' ? '' : `${first.path} `}${first.message}` : '';
    return { message: `does not fit its schema${what}`, details };
  };
}

/**
 * Checks requests against their schemas. A body is taken as it is: '3' is no number. Query and path are text by nature and are
 * converted first.
 */
export const compileValidator: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const check = schemaCheck(schema);
  const where = httpPart === 'body' ? 'the body' : `the ${httpPart ?? 'request'}`;
  return (data: unknown) => {
    const value = httpPart === 'body' ? data : Value.Convert(schema, data);
    const unfit = check(value);
    return unfit ? { error: new RequestError('invalid', `${where} ${unfit.message}`, unfit) } : { value };
  };
};
