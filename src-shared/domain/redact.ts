/** What stands in the place of a secret. */
export const WITHHELD = '(withheld)';

/** Names whose values are nobody's business. */
const SECRET_NAME = /^pass$|passw|passphrase|secret|token|credential|authori[sz]ation|private.?key|api.?key/i;

const WORD = '[A-Za-z0-9_.-]*(?:passw(?:or)?d|passphrase|secret|token|credential|api[_-]?key)[A-Za-z0-9_-]*';
/** `PGPASSWORD=x`, `"password": "x"`, `--token x`, `token: x`; a value in quotes goes up to the closing one. */
const ASSIGNED = new RegExp(
  `(${WORD}\\\\?["']?\\s*[=:]\\s*|--${WORD}\\s+)("(?:[^"\\\\]|\\\\.)*"|'(?:[^'\\\\]|\\\\.)*'|\\\\?["']?[^\\s,;}&"'\\\\]+)`,
  'gi',
);
/** `scheme://user:password@host` */
const IN_ADDRESS = /\b([a-z][a-z0-9+.-]*:\/\/)([^/\s:@]*):([^\s/@]+)@/gi;
const IN_HEADER = /\b(Basic|Bearer)\s+[A-Za-z0-9+/=_.~-]{6,}/g;
const KEY_BLOCK = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g;

/** True for names such as `password`, `PGPASSWORD`, `apiKey`: what they hold is not shown. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** What is JSON stays JSON. */
function withheldValue(all: string, name: string, value: string): string {
  if (/^(?:null|true|false|[[{(].*)$/.test(value)) return all;
  const [quote = ''] = /^(?:"(?=.*"$)|'(?=.*'$))/s.exec(value) ?? (/[^\\]"\s*:\s*$/.test(name) ? ['"'] : []);
  return `${name}${quote}${WITHHELD}${quote}`;
}

/** A text without what looks like a password, a token or a private key; what is about them stays. */
export function withoutSecrets(text: string): string {
  return text
    .replace(KEY_BLOCK, WITHHELD)
    .replace(IN_ADDRESS, `$1$2:${WITHHELD}@`)
    .replace(ASSIGNED, withheldValue)
    .replace(IN_HEADER, `$1 ${WITHHELD}`);
}

/** A value of JSON without secrets, at any depth: neither under a name of one, nor inside a text. */
export function withoutSecretValues(value: unknown): unknown {
  if (typeof value === 'string') return withoutSecrets(value);
  if (Array.isArray(value)) return value.map(withoutSecretValues);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, own]) => [
      name,
      isSecretName(name) && own !== null ? WITHHELD : withoutSecretValues(own),
    ]),
  );
}
