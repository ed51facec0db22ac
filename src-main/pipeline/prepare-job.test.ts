import { execFileSync } from 'node:child_process';
import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { QlConfiguration } from '#shared/domain/ql-configuration.ts';
import type { PipelineSetting } from '#shared/domain/settings.ts';
import type { PreparedJob } from '../domain/ports/prepare-job.ts';
import { createCameraConfigurator } from './camera-configurator.ts';
import { defaultConfiguration } from './default-configuration.ts';
import { metricsOfMergedFile, originalConfiguration } from './original-configuration.ts';
import { createJobPreparer } from './prepare-job.ts';

const stock = defaultConfiguration('stock', 'resources');
let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'qlf-prepare-'));
});
afterEach(() => rm(directory, { recursive: true }));

function prepare(
  pipeline: PipelineSetting,
  change: { Flavor?: string; CalibRoot?: string | null } = {},
): Promise<PreparedJob> {
  return createJobPreparer(createCameraConfigurator('resources'))({
    pipeline,
    yaml: stock,
    exposure: '/data/raw/20191115/00000101/desi-00000101.fits.fz',
    timeoutSeconds: 600,
    run: {
      ...{ RunId: 7, Expid: 101, Night: '20191115', Camera: 'r0', Flavor: 'science', Program: 'dark' },
      ...{ RawFile: '/data/split/desi-r0-00000101.fits.fz', FiberMap: '/data/raw/fibermap.fits', CalibRoot: '/calib' },
      ...{ PSFFile: null, FiberFlatFile: null, FluxCalibFile: null, OutputDir: directory, Compatibility: 'none' },
      ...change,
    },
  });
}

/** A YAML text as Python's safe_load reads it, which is what the original does. */
const inPython = (yaml: string): Record<string, unknown> =>
  JSON.parse(
    execFileSync(
      '/usr/bin/python3',
      ['-c', 'import json, sys, yaml; json.dump(yaml.safe_load(sys.stdin), sys.stdout)'],
      {
        input: yaml,
        encoding: 'utf8',
      },
    ),
  ) as Record<string, unknown>;

const programOf = ({ launch }: PreparedJob) => {
  if (launch.kind !== 'program') throw new Error('the built-in pipeline');
  return launch;
};

describe('desi_quicklook', () => {
  const quicklook: PipelineSetting = { kind: 'desi_quicklook', argv: ['nice', 'desi_quicklook'], env: { A: 'b' } };

  test('is called as the original daemon calls it', async () => {
    const launch = programOf(await prepare(quicklook));
    expect(launch.argv.join(' ')).toBe(
      'nice desi_quicklook -i {config} -n {night} -c {camera} -e {expid} --rawdata_dir {rawTree} --specprod_dir {products}',
    );
    expect(launch.env).toMatchObject({
      A: 'b',
      QL_SPEC_DATA: '/data/raw',
      QL_SPEC_REDUX: join(directory, 'products'),
      DESI_SPECTRO_CALIB: '/calib',
    });
    expect(launch).toMatchObject({ posts: false, heartbeatSeconds: 60 });
  });

  test.each([
    ['science', 'science', 'dark,gray,bright'],
    ['arc', 'arcs', 'arc'],
    ['flat', 'flat', 'flat'],
    ['zero', 'bias', 'bias'],
    ['dark', 'dark', 'dark'],
  ])('reads a configuration in its own schema: %s', async (flavor, spelled, program) => {
    const { file, plan } = await prepare(quicklook, { Flavor: flavor });
    expect(file).toMatch(/qlconfig-r0-00000101\.yaml$/);
    const read = inPython(await readFile(file, 'utf8'));
    expect(read).toMatchObject({ Flavor: spelled, Program: program, Period: 5, Timeout: 600, Debuglevel: 20 });
    expect(Object.keys(read)).not.toContain('Run');
    expect(Object.keys(read)).not.toContain('Compatibility');
    expect(Object.keys(read['Algorithms'] as object)).toEqual(read['Pipeline']);
    expect(plan).toHaveLength((read['Pipeline'] as string[]).length);
  });

  test('starts with no results of an earlier attempt', async () => {
    const { path } = programOf(await prepare(quicklook)).results.mergedQa;
    expect(path).toBe(join(directory, 'products/exposures/20191115/00000101/ql-mergedQA-r0-00000101.json'));
    await writeFile(path, '{}');
    await prepare(quicklook);
    await expect(access(path)).rejects.toThrow('ENOENT');
  });

  test('needs a calibration tree, its own where the telescope has none', async () => {
    await expect(prepare(quicklook, { CalibRoot: null })).rejects.toThrow('DESI_SPECTRO_CALIB');
    const own = { ...quicklook, env: { DESI_SPECTRO_CALIB: '/svn/calib' } };
    expect(programOf(await prepare(own, { CalibRoot: null })).env['DESI_SPECTRO_CALIB']).toBe('/svn/calib');
  });
});

describe('numbers and words of a configuration', () => {
  test('mean the same to Python', () => {
    const PARAMS = {
      A: 1e-7,
      B: [-2e-9, 1.5e-8, 3e21, 5.0],
      C: 'yes',
      D: '1e5',
      E: '4000, 4500',
      F: '012',
      G: 'a - 1e-7',
    };
    const block: QlConfiguration = {
      ...{ Flavor: 'arc', WritePreprocfile: false, Debuglevel: 20, Period: 300, Timeout: 900, Compatibility: 'none' },
      ...{
        Pipeline: ['Preproc'],
        Algorithms: { Preproc: { QA: { Count_Pixels: { PARAMS } } }, BoxcarExtract: { QA: {} } },
      },
    };
    expect(inPython(originalConfiguration(block, 'arc', 60))).toEqual({
      ...{ Flavor: 'arcs', Program: 'arc', WritePreprocfile: false, Debuglevel: 20, Period: 20, Timeout: 900 },
      ...{ Pipeline: ['Preproc'], Algorithms: { Preproc: { QA: { Count_Pixels: { PARAMS } } } } },
    });
  });
});

describe('metrics of the merged file', () => {
  const block = (Pipeline: string[], qas: Record<string, string[]>): QlConfiguration => ({
    ...{ Flavor: 'science', WritePreprocfile: false, Debuglevel: 20, Period: 5, Timeout: 120, Pipeline },
    Algorithms: Object.fromEntries(
      Pipeline.map((name) => [name, { QA: Object.fromEntries((qas[name] ?? []).map((qa) => [qa, { PARAMS: {} }])) }]),
    ),
  });

  test('are what the later chain measures', async () => {
    const { metrics } = await prepare({ kind: 'desi_quicklook', argv: ['x'], env: {} });
    expect([...metrics].sort()).toEqual(
      'countbins countpix getbias getrms integ skycont skypeak skyrband snr xwsigma xyshifts'.split(' '),
    );
  });

  test('of the founding chain are those before the fiber flat', () => {
    const chain = block(['Initialize', 'Preproc', 'BoxcarExtract', 'ApplyFiberFlat_QL', 'SkySub_QL'], {
      Initialize: ['Check_HDUs'],
      Preproc: ['Get_RMS', 'Calc_XWSigma'],
      BoxcarExtract: ['CountSpectralBins'],
      ApplyFiberFlat_QL: ['Integrate_Spec', 'Sky_Continuum', 'Sky_Peaks'],
      SkySub_QL: ['Calculate_SNR'],
    });
    expect(metricsOfMergedFile(chain)).toEqual(['getrms', 'xwsigma', 'countbins']);
  });

  test('leave trace shifts out where nothing is extracted', () => {
    expect(metricsOfMergedFile(block(['Preproc', 'Flexure'], { Flexure: ['Trace_Shifts'] }))).toEqual([]);
  });
});

describe('the others', () => {
  test('desi_qproc decides by itself what to do and leaves frames', async () => {
    const job = await prepare({ kind: 'desi_qproc', argv: ['desi_qproc'], env: {} });
    const folder = join(directory, 'products/exposures/20191115/00000101');
    expect(programOf(job).argv.join(' ')).toBe(
      `desi_qproc -i {exposure} -c {camera} -f {fibermap} --auto --auto-output-dir ${folder}`,
    );
    expect(programOf(job)).toMatchObject({
      heartbeatSeconds: null,
      results: { files: [join(folder, 'preproc-r0-00000101.fits')], mergedQa: { demanded: false } },
    });
    expect(job.metrics).toEqual([]);
  });

  test('a command gets the configuration and the duties of the built-in pipeline', async () => {
    const job = await prepare({ kind: 'command', argv: ['srun', 'mine', '{config}'], env: {} });
    const builtIn = await prepare({ kind: 'built-in' });
    expect(programOf(job)).toMatchObject({ argv: ['srun', 'mine', '{config}'], posts: true });
    expect(builtIn.launch).toEqual({ kind: 'built-in' });
    expect(job.metrics).toEqual(builtIn.metrics);
    expect(await readFile(job.file, 'utf8')).toContain('\nRun:\n');
  });

  test('a template with an unknown placeholder is refused', async () => {
    await expect(prepare({ kind: 'command', argv: ['x', '{kamera}'], env: {} })).rejects.toThrow('{kamera}');
  });
});
