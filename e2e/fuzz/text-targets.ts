import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { parse, stringify } from 'yaml';
import { MAX_DEPTH } from '#shared/http/job-post.ts';
import { QlfError } from '#shared/ipc/result.ts';
import { judgeMeasurement } from '#shared/qa/judge.ts';
import { judgeHostKey, knownHostLine, parseKnownHosts, recordedTypes } from '../../src-main/domain/known-hosts.ts';
import { takeMergedQaApart } from '../../src-main/domain/merged-qa.ts';
import { normalise, UnfitValue } from '../../src-main/ingest/normalise.ts';
import { parseBody } from '../../src-main/ingest/parse-json.ts';
import { markLines } from '../../src-main/logs/line-levels.ts';
import { defaultConfiguration } from '../../src-main/pipeline/default-configuration.ts';
import { createLineAssembler } from '../../src-main/pipeline/line-assembler.ts';
import { isLogged, parseLogLine } from '../../src-main/pipeline/log-protocol.ts';
import { parseFrozenConfiguration, parseSavedConfiguration } from '../../src-main/pipeline/ql-yaml.ts';
import { mutateJson, mutateText, NUMBERS } from './mutate.ts';
import { codeOf, textOf, utf8, type FuzzTarget } from './target.ts';

const RESOURCES = fileURLToPath(new URL('../../resources/', import.meta.url));
const OFFICIAL = new URL('../data/desispec-reference/official/', import.meta.url);
const LOGS = ['qp-r0-00000110.log', 'ql-r0-00000101.log', 'bias-r0-00000103.log', 'ql-b0-00000101.log'];
const MERGED = [
  'ql-mergedQA-b0-00000101.json.gz',
  'bias-mergedQA-r0-00000103.json.gz',
  'qp-mergedQA-r0-00000110.json.gz',
];

/** A log as a pipeline writes it, in pieces as a pipe gives them. */
export function logTarget(): FuzzTarget {
  const logs = LOGS.map((name) => readFileSync(new URL(name, OFFICIAL), 'utf8').split('\n'));
  const words = [
    ...[
      '2026-11-22 14:51:15,378 QuickLook INFO : ',
      'Starting to run step Preproc',
      'Step Preproc finished.',
      'Running QA',
    ],
    ...[
      'Pipeline steps: Initialize, Preproc',
      'BIAS_AMP_STATUS: NORMAL',
      'CRITICAL',
      'INFO:qproc.py:257:main: ',
      '\n',
      ', ',
    ],
    ...[
      'Traceback (most recent call last)',
      'IndexError: ',
      'a.b.c.',
      '.py:79: RuntimeWarning: ',
      'A_',
      '\r',
      'File does not exist',
    ],
  ];
  return {
    name: 'log',
    input: (random) => {
      const lines = random.pick(logs);
      const at = random.int(lines.length);
      const some = lines.slice(at, at + 1 + random.int(8)).join('\n');
      return utf8(mutateText(random, some, words, random.pick(random.pick(logs)), 30_000));
    },
    run: (input) => {
      const assembler = createLineAssembler();
      const chunks: Buffer[] = [];
      const size = 1 + (input.length % 700);
      for (let at = 0; at < input.length; at += size) {
        const whole = assembler.push(Buffer.from(input.subarray(at, at + size)));
        if (whole) chunks.push(whole);
      }
      const rest = assembler.flush();
      const text = Buffer.concat(rest ? [...chunks, rest] : chunks).toString('utf8');
      const ends: number[] = [];
      for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) ends.push(at);
      for (const line of text.split('\n')) {
        isLogged(line);
        const { level } = parseLogLine(line);
        if (!['debug', 'info', 'warning', 'error'].includes(level)) throw new Error(`a line of level ${level}`);
      }
      for (const engine of [false, true])
        if (markLines(text, ends, engine).length !== ends.length) throw new Error('a line has no mark');
      return 'read';
    },
  };
}

/** A saved configuration, and one that a run was frozen with. */
export function yamlTarget(): FuzzTarget {
  const whole = defaultConfiguration('stock', RESOURCES);
  // Quicker to read, so that more of them are.
  const blocks = Object.entries(parse(whole) as object).map(([flavor, block]) =>
    stringify({ [flavor]: block as unknown }),
  );
  const words = [
    ...NUMBERS,
    ...[
      '&a ',
      '*a',
      '<<: *a',
      '!!js/function ',
      '!!binary ',
      '? ',
      '- ',
      '---\n',
      '...\n',
      '|\n',
      '>-\n',
      '{',
      '[',
      ': ',
      '\t',
    ],
    ...[
      '\n',
      '\n  ',
      '"',
      "'",
      '#',
      '%YAML 1.1\n',
      '~',
      'null',
      'yes',
      'science:',
      'Pipeline:',
      'Algorithms:',
      'PARAMS:',
      '__proto__:',
    ],
    ...['[*a,*a,*a,*a,*a,*a,*a,*a]', '&a [', '\ufeff', 'constructor: 1\n', 'RA_NORMAL_RANGE: [1, 0]\n'],
  ];
  return {
    name: 'yaml',
    input: (random) => {
      const good = random.chance(0.05) ? whole : random.pick(blocks);
      return utf8(mutateText(random, good, words, random.pick(blocks), 250_000));
    },
    run: (input) => {
      const text = textOf(input);
      codeOf(() => void parseFrozenConfiguration(text), QlfError);
      return codeOf(() => void parseSavedConfiguration(text), QlfError);
    },
  };
}

/** The merged QA file of a job: read, taken apart, made fit to be kept, judged. */
export function mergedQaTarget(): FuzzTarget {
  const texts = MERGED.map((name) => gunzipSync(readFileSync(new URL(name, OFFICIAL))).toString('utf8'));
  const values = texts.map((text) => shortened(parseBody(text).value));
  const small = values.map((value) => JSON.stringify(value));
  const words = [
    ...NUMBERS,
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"METRICS"',
    '"TASKS"',
    '"NORMAL"',
    'null',
    '"\\ud800"',
    '"__proto__":',
  ];
  return {
    name: 'merged-qa',
    input: (random) =>
      utf8(
        random.chance(0.5)
          ? mutateText(random, random.pick(small), words, random.pick(small), 100_000)
          : JSON.stringify(
              mutateJson(random, random.chance(0.5) ? mutateJson(random, random.pick(values)) : random.pick(values)),
            ),
      ),
    run: (input) =>
      codeOf(
        () => {
          const { value, mark } = parseBody(textOf(input));
          for (const owner of OWNERS) {
            codeOf(
              () => {
                for (const { metric, value: taken } of takeMergedQaApart(value, owner)) {
                  const fit = normalise(taken, mark, MAX_DEPTH);
                  judgeMeasurement(metric, fit.value, {
                    flavor: 'science',
                    program: 'dark',
                    camera: 'r0',
                    night: '20191115',
                  });
                }
              },
              QlfError,
              UnfitValue,
            );
          }
          takeMergedQaApart(value, { expid: 101, night: '20191115', camera: 'b0' });
        },
        QlfError,
        UnfitValue,
        SyntaxError,
      ),
  };
}

const OWNERS = [
  { expid: 101, night: '20191115', camera: 'b0' },
  { expid: 103, night: '20191115', camera: 'r0' },
  { expid: 110, night: '20191115', camera: 'r0' },
];

/** The same with short lists: most of a merged file are numbers of fibers, alike to a reader. */
function shortened(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 8).map(shortened);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, shortened(member)]));
}

/** A known_hosts file, of the account or of QLF. */
export function knownHostsTarget(): FuzzTarget {
  const key = 'AAAAC3NzaC1lZDI1NTE5AAAAIJk7r1mQ0TtCBZ3Jmf7yQ2Qm8o7lZQy3mX0a1b2c3d4e';
  const address = { host: 'data.example.org', port: 2222 };
  const hmac = (salt: string, text: string): string =>
    createHmac('sha1', Buffer.from(salt, 'base64')).update(text).digest('base64');
  const salt = 'F1E2D3C4B5A6978812345678901234567890AAA=';
  const good = [
    `data.example.org,192.0.2.1 ssh-ed25519 ${key} a comment`,
    `[data.example.org]:2222 ssh-rsa ${key}`,
    `@revoked * ssh-ed25519 ${key}`,
    `@cert-authority *.example.org,!bad.example.org ecdsa-sha2-nistp256 ${key}`,
    `|1|${salt}|${hmac(salt, '[data.example.org]:2222')} ssh-ed25519 ${key}`,
    '# a comment',
    knownHostLine(address, { type: 'ssh-ed25519', key }),
  ].join('\n');
  const words = [
    '*',
    '?',
    '!',
    ',',
    '|1|',
    '|',
    '@revoked ',
    '@',
    ' ',
    '\t',
    '\n',
    '[',
    ']:22',
    'ssh-ed25519',
    '=',
    `*a*a*a*a*b,`,
  ];
  return {
    name: 'known-hosts',
    input: (random) => utf8(mutateText(random, good, words, good, 20_000)),
    run: (input) => {
      const record = parseKnownHosts(textOf(input));
      for (const place of [
        address,
        { host: 'DATA.example.org', port: 22 },
        { host: '*', port: 0 },
        { host: 'a'.repeat(250), port: 22 },
      ]) {
        recordedTypes(record, place, hmac);
        const verdict = judgeHostKey(record, place, { type: 'ssh-ed25519', key }, hmac);
        if (!['known', 'unknown', 'changed', 'revoked'].includes(verdict)) throw new Error(`verdict ${verdict}`);
      }
      return 'read';
    },
  };
}
