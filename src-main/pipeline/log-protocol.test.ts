import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseLogLine } from './log-protocol.ts';

const folder = 'e2e/data/desispec-reference/official';
const logs = readdirSync(folder)
  .filter((name) => name.endsWith('.log'))
  .map((name) => ({ name, lines: readFileSync(`${folder}/${name}`, 'utf8').split('\n') }));

describe('recorded logs of desi_quicklook', () => {
  test.each(logs)('$name: steps begin and end in turn', ({ lines }) => {
    const boundaries = lines
      .map((line) => parseLogLine(line).fact)
      .filter((fact) => fact.kind === 'step-started' || fact.kind === 'step-ended');
    // Counted by the plain words, not by the parser.
    const said = lines.filter((line) => / Starting to run step | Step \w+ finished/.test(line));
    expect(said.length).toBeGreaterThanOrEqual(4);
    expect(boundaries).toHaveLength(said.length);
    boundaries.forEach((fact, index) => {
      expect(fact.kind).toBe(index % 2 === 0 ? 'step-started' : 'step-ended');
      expect(fact.step).toBe(boundaries[index - (index % 2)]?.step);
    });
  });

  test.each(logs)('$name: every status, heartbeat and trouble is seen', ({ lines }) => {
    const parsed = lines.map((line) => ({ line, ...parseLogLine(line) }));
    const kinds = (kind: string): string[] => parsed.filter(({ fact }) => fact.kind === kind).map(({ line }) => line);
    const matching = (pattern: RegExp): string[] => lines.filter((line) => pattern.test(line));

    expect(kinds('status')).toEqual(matching(/_STATUS: /));
    expect(kinds('heartbeat')).toEqual(matching(/ QuickLook INFO : Running /));
    for (const level of ['ERROR', 'CRITICAL'])
      for (const line of matching(new RegExp(`\\b${level}\\b ?:`))) expect(parseLogLine(line).level).toBe('error');
    for (const line of matching(/ WARNING : |^WARNING:/)) expect(parseLogLine(line).level).toBe('warning');
    for (const line of matching(/^IndexError: /)) expect(parseLogLine(line).level).toBe('error');
  });

  test('chain of the full science exposure', () => {
    const steps = logs
      .find(({ name }) => name === 'qp-r0-00000110.log')
      ?.lines.map((line) => parseLogLine(line).fact)
      .flatMap((fact) => (fact.kind === 'step-started' ? [fact.step] : []));
    expect(steps).toEqual(['initialize', 'preproc', 'flexure', 'extract', 'fiberflat', 'sky', 'fluxcal']);
  });
});

const at = '2026-11-22 14:51:15,378';

test.each([
  [
    `${at} Bias_From_Overscan INFO : BIAS_AMP_STATUS: ALARM`,
    'info',
    { kind: 'status', key: 'BIAS_AMP', status: 'ALARM' },
  ],
  [
    `${at} QuickLook INFO : Pipeline steps: Initialize, Preproc`,
    'info',
    { kind: 'plan', steps: ['initialize', 'preproc'] },
  ],
  [`${at} QuickLook INFO : Starting to run step Unheard_Of`, 'info', { kind: 'text' }],
  [`${at} QuickLook CRITICAL : Failed to run PA Preproc error was no BIASSECA`, 'error', { kind: 'text' }],
  [`${at} QLConfig INFO : File does not exist: /data/desi-00000101.fits.fz`, 'error', { kind: 'text' }],
  [`${at} QuickLook DEBUG : Running QA`, 'debug', { kind: 'heartbeat' }],
  ['Starting to run step Preproc', 'info', { kind: 'text' }],
  ['KeyError: RDNOISEA', 'error', { kind: 'text' }],
  ['', 'info', { kind: 'text' }],
])('%s', (line, level, fact) => {
  expect(parseLogLine(line)).toEqual({ level, fact });
});
