import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { checkJobConfiguration, type JobConfiguration } from '#shared/domain/ql-configuration.ts';
import type { QlRunBlock } from '#shared/domain/ql-run-block.ts';
import { createCameraConfigurator } from './camera-configurator.ts';
import { defaultConfiguration } from './default-configuration.ts';

const stock = defaultConfiguration('stock', 'resources');
const run: QlRunBlock = {
  RunId: 7,
  Expid: 101,
  Night: '20191115',
  Camera: 'r0',
  Flavor: 'science',
  Program: 'dark',
  RawFile: '/data/split/desi-r0-00000101.fits.fz',
  FiberMap: null,
  CalibRoot: null,
  PSFFile: null,
  FiberFlatFile: null,
  FluxCalibFile: null,
  OutputDir: '/data/redux',
  Compatibility: 'none',
};

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'qlf-configurator-'));
});
afterEach(() => rm(directory, { recursive: true }));

async function written(yaml: string, block: QlRunBlock): Promise<{ name: string; value: JobConfiguration }> {
  const { file } = await createCameraConfigurator('resources').write(yaml, block, join(directory, 'new'));
  const [name] = await readdir(join(directory, 'new'));
  return { name: name!, value: parse(await readFile(file, 'utf8')) as JobConfiguration };
}

describe("a camera's configuration", () => {
  test('is the block of its flavor with the run, under the name that pipelines expect', async () => {
    const { name, value } = await written(stock, run);
    expect(name).toBe('qlconfig-r0-00000101.yaml');
    expect(checkJobConfiguration(value)).toEqual([]);
    expect(value.Run).toEqual(run);
    expect(value.Flavor).toBe('science');
    expect(value.Algorithms['Preproc']?.QA['Count_Pixels']?.PARAMS['LITFRAC_AMP_BRIGHT_REF']).toEqual([
      0.45, 0.45, 0.45, 0.45,
    ]);
  });

  test.each([
    ['science', 'dark', 'science'],
    ['object', 'bright', 'science'],
    ['science', 'arc', 'arcs'],
    ['arc', 'arc', 'arcs'],
    ['flat', null, 'flat'],
    ['zero', null, 'bias'],
    ['dark', 'dark', 'dark'],
  ])('flavor %s of program %s takes %s', async (Flavor, Program, expected) => {
    const { value } = await written(stock, { ...run, Flavor, Program });
    expect(value.Flavor).toBe(expected);
  });

  test('of a flavor that has none is refused with the exposure', async () => {
    await expect(written(stock, { ...run, Flavor: 'twilight' })).rejects.toThrow(/exposure 101.*twilight/);
  });

  test('tells the plan and the metrics of both chains', async () => {
    const configurator = createCameraConfigurator('resources');
    expect(await configurator.write(stock, run, directory)).toMatchObject({
      plan: ['initialize', 'preproc', 'flexure', 'extract', 'fiberflat', 'sky', 'fluxcal'],
      metrics: 'getbias getrms countpix xwsigma xyshifts countbins skycont skypeak snr skyrband integ'.split(' '),
    });
    const founding = stock.replace(
      /Pipeline: \[.*ApplyFluxCalibration\]/,
      'Pipeline: [Initialize, Preproc, BoxcarExtract, ApplyFiberFlat_QL, SkySub_QL]',
    );
    expect(await configurator.write(founding, run, directory)).toMatchObject({
      plan: ['initialize', 'preproc', 'extract', 'fiberflat', 'sky'],
      metrics: 'getbias getrms countpix xwsigma countbins integ skycont skypeak snr'.split(' '),
    });
  });

  test('may ask for the original’s numbers', async () => {
    const compatible = stock.replace('Flavor: science', 'Flavor: science\n  Compatibility: desispec-0.31');
    expect((await written(compatible, run)).value.Run.Compatibility).toBe('desispec-0.31');
  });
});

describe('a configuration that is wrong is refused with line and key:', () => {
  const check = (yaml: string) => () => createCameraConfigurator('resources').check(yaml);
  const lineOf = (text: string, part: string): number => text.slice(0, text.indexOf(part)).split('\n').length;

  test.each([
    ['a step that does not exist', 'SkySub_QP]', 'SkySub_QX]', "science.Pipeline.5: 'SkySub_QX' is not a known"],
    ['steps in the wrong order', 'Flexure, Extract_QP', 'Extract_QP, Flexure', 'science.Pipeline.3'],
    ['a QA that does not exist', 'Get_RMS:', 'Get_RNS:', "QA.Get_RNS: 'Get_RNS' is not a known QA"],
    ['a range upside down', '[-40.0, 40.0]', '[40.0, -40.0]', 'BIAS_AMP_NORMAL_RANGE: must be two numbers'],
    ['a range of one number', '[-0.2, 0.2]', '[0.2]', 'must be two numbers, the lower first'],
    ['a normal range wider than the warning range', '[-40.0, 40.0]', '[-80.0, 40.0]', 'inside the warning range'],
    ['a reference in words', '[2.6, 2.6, 2.6, 2.6]', 'low', 'NOISE_AMP_DARK_REF: must be a number or a list'],
    ['a wrong type', 'Period: 5.0', 'Period: soon', 'science.Period: must be number'],
    ['a missing key', '  Debuglevel: 20\n', '', 'science: the key Debuglevel is missing'],
    ['an unknown flavor', 'Flavor: science', 'Flavor: scince', 'science.Flavor: must be one of'],
  ])('%s', (_what, before, after, message) => {
    const at = before.includes('SkySub') ? stock.indexOf('SkySub_QP,') : stock.indexOf(before);
    const wrong = before.includes('SkySub')
      ? stock.replace('SkySub_QP,', 'SkySub_QX,')
      : stock.slice(0, at) + after + stock.slice(at + before.length);
    expect(check(wrong)).toThrow(message);
    if (after) expect(check(wrong)).toThrow(`line ${String(lineOf(stock, stock.slice(at, at + 40)))}`);
    expect(check(wrong)).toThrow(expect.objectContaining({ code: 'invalid-configuration' }));
  });

  test.each([
    ['text that is no YAML', 'science: [', /line 1/],
    ['the same key twice', `${stock}\nscience: {}\n`, /Map keys must be unique/],
    ['a tag that would make objects', 'science: !!python/object:os.system {}', /tag/i],
    ['nothing', '', /must be object/],
    ['a list', '- 1', /must be object/],
    ['a flavor missing', stock.slice(0, stock.indexOf('dark:\n')), /the key dark is missing/],
    ['a flavor too many', `${stock}\ntwilight: {}\n`, /twilight: unknown key/],
    ['text without end', `# ${'x'.repeat(200_001)}`, /longer than/],
    ['nesting without end', '['.repeat(50_000), /./],
  ])('%s', (_what, yaml, message) => {
    expect(check(yaml)).toThrow(message);
    expect(check(yaml)).toThrow(expect.objectContaining({ code: 'invalid-configuration' }));
  });

  test('aliases that unfold without end', () => {
    const levels = Array.from(
      { length: 12 },
      (_, i) => `a${String(i + 1)}: &a${String(i + 1)} [${`*a${String(i)},`.repeat(9)}]`,
    );
    expect(check(`a0: &a0 [x]\n${levels.join('\n')}\n`)).toThrow(/alias/i);
  });

  test('a prototype as a key stays data', () => {
    expect(check('__proto__: {polluted: true}')).toThrow(expect.objectContaining({ code: 'invalid-configuration' }));
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});
