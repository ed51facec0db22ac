import type { OpsdbConfiguration } from '#shared/domain/opsdb.ts';
import { QlfError } from '#shared/ipc/result.ts';

type Reached = Pick<OpsdbConfiguration, 'host' | 'port' | 'database' | 'user' | 'statementTimeout' | 'connectTimeout'>;

interface Failure {
  message: string;
  /** SQLSTATE, or the operating system's */
  code: string;
  /** The server's hint, often a name that was meant. */
  hint: string;
}

/** What is worth showing of an error; of several attempts (IPv6, IPv4) the last. */
function failureOf(error: unknown): Failure {
  if (error instanceof AggregateError && error.errors.length > 0) return failureOf(error.errors.at(-1));
  if (!(error instanceof Error)) return { message: String(error), code: '', hint: '' };
  const { code, hint } = error as Error & { code?: unknown; hint?: unknown };
  return {
    message: error.message,
    code: typeof code === 'string' ? code : '',
    hint: typeof hint === 'string' ? hint : '',
  };
}

/** Failures that time does not mend: the configuration or the database's grants must change. */
const CONFIGURATION = new Set(['42P01', '3F000', '42703', '42804', '42883', '42601', '3D000', '42P02', '25006']);

/**
 * What an error of the database or of the way to it means, in words, with what to do.
 * @param asked what was wanted, e.g. `the last exposure`
 */
export function explainFailure(adapter: string, asked: string, error: unknown, to: Reached): QlfError {
  if (error instanceof QlfError) return new QlfError(error.code, `${adapter}: ${asked}: ${error.message}`);
  const failure = failureOf(error);
  const code = CONFIGURATION.has(failure.code) ? 'invalid-configuration' : 'unavailable';
  return new QlfError(code, `${adapter}: ${asked}: ${inWords(failure, to)}`, { cause: error });
}

function inWords({ message, code, hint }: Failure, to: Reached): string {
  const server = `${to.host}:${to.port}`;
  switch (code) {
    case 'ECONNREFUSED':
    case 'ENOENT':
      return `nobody answers at ${server}. Check that the database server runs, and its host and port.`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `the host ${to.host} is not known here. Check its name and this machine's network.`;
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ETIMEDOUT':
      return `${server} cannot be reached (${code}). Check the network.`;
    case 'ECONNRESET':
    case 'EPIPE':
      return `${server} has cut the connection.`;
    case '28P01':
    case '28000':
      return `${server} does not let ${to.user} in (${message}). Check the user and the password.`;
    case '3D000':
      return `${server} has no database ${to.database}. Check its name.`;
    case '42P01':
    case '3F000':
    case '42703':
    case '42883':
    case '42804':
    case '42601':
    case '42P02':
      return `${message}${hint ? ` (${hint})` : ''}. Check the tables and columns of the mapping.`;
    case '42501':
      return `${to.user} may not read it (${message}). GRANT SELECT on the table to ${to.user}.`;
    case '25006':
      return `a configured query wants to write (${message}); QLF only reads.`;
    case '57014':
      return `the server took longer than ${to.statementTimeout} s, so it was stopped. Ask for an index, or raise statementTimeout.`;
    case '57P01':
    case '57P02':
      return `${server} is being shut down.`;
    case '57P03':
      return `${server} is starting up.`;
    case '53300':
      return `${server} has no connection left (${message}).`;
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `the certificate of ${server} is for another host (${message}). Somebody may be in between.`;
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'CERT_SIGNATURE_FAILURE':
      return `the certificate of ${server} is not signed by the authority that is trusted (${code}). Check tls.ca.`;
    case 'CERT_HAS_EXPIRED':
    case 'CERT_NOT_YET_VALID':
      return `the certificate of ${server} is not valid now (${code}). Check it, and this machine's clock.`;
  }
  if (/does not support SSL/.test(message)) return `${server} offers no TLS. Turn it on there, or set tls.mode to off.`;
  if (/timeout/i.test(message))
    return `${server} does not answer within ${/connect|expired/i.test(message) ? to.connectTimeout : to.statementTimeout} s.`;
  if (/Connection terminated|Client has encountered a connection error|not queryable/.test(message))
    return `the connection to ${server} was lost.`;
  return `${message}${code ? ` (${code})` : ''}`;
}
