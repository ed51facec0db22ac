import { expect, it } from 'vitest';
import { CAMERAS } from '#shared/domain/camera.ts';
import { FAULTS } from '#shared/domain/test-environment.ts';
import { parseArguments, parseFault, USAGE } from './arguments.ts';

it('reads the short form for making data', () => {
  expect(
    parseArguments(['--directory', '/d', '--exposures', '3', '--seed', '9', '--size', 'full', '--fault', 'cloud']),
  ).toEqual({
    directory: '/d',
    exposures: 3,
    settings: { seed: 9, size: 'full', cadence: 'accelerated', acceleratedPeriod: 10, faults: [{ name: 'cloud' }] },
    kind: null,
    date: null,
    format: { layout: 'sps', amplifiers: 'letters', compressed: true, cameras: CAMERAS },
    opsdb: null,
  });
});

it('reads what a file shall look like', () => {
  const { format, kind, date } = parseArguments(
    '--directory /d --layout spec --amplifiers numbers --plain --cameras z9,B0 --kind arc --date 2020-01-02T03:04:05Z'.split(
      ' ',
    ),
  );
  expect(format).toEqual({ layout: 'spec', amplifiers: 'numbers', compressed: false, cameras: ['b0', 'z9'] });
  expect(kind).toEqual({ flavor: 'arc', exptime: 5 });
  expect(date).toBe(Date.UTC(2020, 0, 2, 3, 4, 5));
});

it('reads which database shall hear of exposures', () => {
  const { opsdb } = parseArguments('--directory /d --opsdb /etc/opsdb.json --data-host tower'.split(' '));
  expect(opsdb).toEqual({ file: '/etc/opsdb.json', dataHost: 'tower' });
});

it('takes the application’s settings as a whole', () => {
  const settings = { seed: 4, size: 'compact', cadence: 'manual', acceleratedPeriod: 7, faults: [{ name: 'defocus' }] };
  const read = parseArguments(['--directory', '/d', '--settings', JSON.stringify(settings)]);
  expect(read.settings).toEqual(settings);
  expect(read.exposures).toBeNull();
});

it('reads faults with camera and amplifier', () => {
  expect(parseFault('bias-jump:r3:d')).toEqual({ name: 'bias-jump', camera: 'r3', amplifier: 'D' });
  expect(parseFault('noisy-amplifier::B')).toEqual({ name: 'noisy-amplifier', amplifier: 'B' });
  for (const name of FAULTS) expect(parseFault(name)).toEqual({ name });
});

it.each([
  [[], '--directory is missing'],
  [['--directory', 'd', '--exposures', 'many'], "--exposures: 'many' is no whole number"],
  [['--directory', 'd', '--size', 'huge'], "--size: 'huge' is none of compact, full"],
  [['--directory', 'd', '--fault', 'gremlins'], "--fault: 'gremlins' is none of"],
  [['--directory', 'd', '--fault', 'cloud:x1'], "--fault: 'x1' is no camera"],
  [['--directory', 'd', '--cameras', 'b0,q7'], "--cameras: 'q7' is no camera"],
  [['--directory', 'd', '--date', 'tomorrow'], "--date: 'tomorrow' is no date"],
  [['--directory', 'd', '--settings', '{"seed":1}'], '--settings: not the settings’ form'],
])('says what is wrong: %j', (argv, message) => {
  expect(() => parseArguments(argv)).toThrow(message);
});

it('tells every option and fault in its usage', () => {
  for (const word of ['--exposures', '--settings', '--plain', ...FAULTS]) expect(USAGE).toContain(word);
});
