import { hostname } from 'node:os';
import { isSecretName, WITHHELD, withoutSecrets } from '#shared/domain/redact.ts';

/** Shorter ones would take words out of sentences. */
const LEAST = 4;
const COMMON = new Set(['localhost', '127.0.0.1', 'true', 'false', 'null', 'none']);

/** Values of the environment that are nobody's business, and this machine's own name. */
export function secretsOfEnvironment(env: NodeJS.ProcessEnv): string[] {
  const values = Object.entries(env).flatMap(([name, value]) => (value && isSecretName(name) ? [value] : []));
  return [...values, hostname()];
}

interface Piped {
  pipeline?: { env?: Record<string, unknown>; argv?: unknown[] };
}

/** Values that are given to a pipeline under the name of a secret. */
export function secretsOfSettings(settings: unknown): string[] {
  const { env = {} } = (settings as Piped | null | undefined)?.pipeline ?? {};
  return Object.entries(env).flatMap(([name, value]) =>
    typeof value === 'string' && isSecretName(name) ? [value] : [],
  );
}

/** Settings without what is given to a pipeline: its program, and the names of its variables, stay. */
export function shownSettings(settings: unknown): unknown {
  const copy = structuredClone(settings) as Piped | null | undefined;
  const { pipeline } = copy ?? {};
  if (pipeline?.env) pipeline.env = Object.fromEntries(Object.keys(pipeline.env).map((name) => [name, WITHHELD]));
  if (pipeline?.argv && pipeline.argv.length > 1)
    pipeline.argv = [pipeline.argv[0], `(${String(pipeline.argv.length - 1)} arguments)`];
  return copy;
}

/** Takes out of texts what looks like a secret, and all that is known to be none of the reader's business. */
export function createCleaner(hidden: readonly string[]): (text: string) => string {
  const known = [...new Set(hidden.map((text) => text.trim()))]
    .filter((text) => text.length >= LEAST && !COMMON.has(text.toLowerCase()))
    // The longest first: one may be a part of another.
    .sort((a, b) => b.length - a.length);
  // In JSON some letters stand otherwise.
  const forms = known.flatMap((text) => {
    const inJson = JSON.stringify(text).slice(1, -1);
    return inJson === text ? [text] : [text, inJson];
  });
  return (text) => forms.reduce((left, form) => left.replaceAll(form, WITHHELD), withoutSecrets(text));
}
