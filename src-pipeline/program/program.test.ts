import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { WorkerJob } from '#shared/domain/worker-protocol.ts';
import { EXIT } from '../job/failure.ts';
import { type Endpoint, startEndpoint } from '../test-support/endpoint.ts';
import { type JobFolder, makeJobFolder, REFERENCE, runBlock } from '../test-support/job-folder.ts';

const CLI = join(import.meta.dirname, '../cli.ts');
const CCD_METRICS = ['getbias', 'getrms', 'countpix', 'xwsigma'];

let folder: JobFolder;
let endpoint: Endpoint;
beforeAll(async () => {
  folder = makeJobFolder();
  endpoint = await startEndpoint();
});
afterAll(async () => {
  await endpoint.close();
  folder.remove();
});
afterEach(() => {
  endpoint.documents.length = 0;
});

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

const environment = (added: Record<string, string>): Record<string, string> => ({
  PATH: process.env['PATH'] ?? '',
  ...added,
});

async function outputOf(child: ChildProcess): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const drained = [child.stdout!, child.stderr!].map((stream) => once(stream, 'end'));
  const [code] = (await once(child, 'exit')) as [number | null];
  await Promise.all(drained);
  return { code, stdout, stderr };
}

const run = (args: string[], env: Record<string, string> = {}): Promise<Ended> =>
  outputOf(spawn(process.execPath, [CLI, ...args], { env: environment(env) }));

/** Initialize and Preproc alone, with their QAs. */
const ccdOnly = (configuration: { Pipeline: string[] }): void => {
  configuration.Pipeline = ['Initialize', 'Preproc'];
};

const messages = (stdout: string): string[] =>
  stdout
    .trim()
    .split('\n')
    .map((line) => line.replace(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} /, ''));

describe('a job', () => {
  it('logs the original protocol, posts each result and writes the merged file', async () => {
    const config = folder.configure('qlconfig_science_mini.yaml', { OutputDir: join(folder.path, 'first') }, ccdOnly);
    const { code, stdout, stderr } = await run(['--config', config], endpoint.env);
    expect(stderr).toBe('');
    expect(code).toBe(EXIT.ok);
    const lines = messages(stdout);
    const order = [
      'QLConfig INFO : Checking if all the necessary files exist.',
      `QLConfig INFO : File check: Okay: ${runBlock(101, '').RawFile}`,
      `QuickLook INFO : Reading input file ${runBlock(101, '').RawFile}`,
      'QuickLook INFO : Finished reading all static files',
      'QuickLook INFO : Pipeline steps: Initialize, Preproc',
      'QuickLook INFO : Starting to run step Initialize',
      'QuickLook INFO : Step Initialize finished.',
      'QuickLook INFO : Starting to run step Preproc',
      'QuickLook INFO : Running Preproc',
      'QuickLook INFO : Running Bias_From_Overscan',
      'Bias_From_Overscan INFO : BIAS_AMP_STATUS: NORMAL',
      'QuickLook INFO : Running Get_RMS',
      'Get_RMS INFO : NOISE_AMP_STATUS: NORMAL',
      'Count_Pixels INFO : LITFRAC_AMP_STATUS: NORMAL',
      'Calc_XWSigma INFO : XWSIGMA_STATUS: WARNING',
      'QuickLook INFO : Step Preproc finished.',
      'QuickLook INFO : Pipeline processing finished. Serializing result',
      `QuickLook INFO : Wrote merged QA file ${join(folder.path, 'first', 'ql-mergedQA-r0-00000101.json')}`,
      'QuickLook INFO : QuickLook Pipeline completed',
    ];
    expect(lines.filter((line) => order.includes(line))).toEqual(order);
    for (const line of stdout.trim().split('\n')) {
      expect(line).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \w+ (INFO|WARNING) : \S/);
    }
    expect(endpoint.metrics()).toEqual(CCD_METRICS);
    for (const document of endpoint.documents) expect(document).toMatchObject({ id: 7, expid: 101, camera: 'r0' });
    expect(endpoint.documents.at(-1)).toMatchObject({ status: 0 });
    const value = endpoint.documents[0]?.measurements[0]?.value;
    expect(value).toMatchObject({
      METRICS: { BIAS_AMP_STATUS: 'NORMAL' },
      PARAMS: { BIAS_AMP_NORMAL_RANGE: [-40, 40] },
    });
    const merged = JSON.parse(
      readFileSync(join(folder.path, 'first', 'ql-mergedQA-r0-00000101.json'), 'utf8'),
    ) as object;
    expect(merged).toMatchObject({
      NIGHT: '20191115',
      EXPID: 101,
      CAMERA: 'r0',
      FLAVOR: 'science',
      GENERAL_INFO: { PROGRAM: 'DARK', EXPTIME: 1000, NSKY_FIB: 7 },
      TASKS: { CHECK_CCDs: { METRICS: { NOISE_AMP_STATUS: 'NORMAL' }, PARAMS: { CUTPIX: 5 } } },
    });
  });

  it('says that it is alive while it computes', async () => {
    const config = folder.configure('qlconfig_science_full.yaml', runBlock(110, folder.path), (configuration) => {
      ccdOnly(configuration);
      configuration.Period = 0.02;
    });
    const { code, stdout } = await run(['--config', config]);
    expect(code).toBe(EXIT.ok);
    const preproc = messages(stdout).filter((line) => line === 'QuickLook INFO : Running Preproc');
    expect(preproc.length).toBeGreaterThan(3);
  });

  it('writes one file a QA when asked, and products that astropy reads', async () => {
    const directory = join(folder.path, 'products');
    const config = folder.configure('qlconfig_science_mini.yaml', { OutputDir: directory }, (configuration) => {
      Object.assign(configuration, { WritePreprocfile: true, WriteIntermediatefiles: true });
    });
    expect((await run(['--config', config, '--qa-json', '--compatibility'])).code).toBe(EXIT.ok);
    const qa = JSON.parse(readFileSync(join(directory, 'ql-countpix-r0-00000101.json'), 'utf8')) as object;
    expect(qa).toMatchObject({
      CAMERA: 'r0',
      EXPID: '00000101',
      PANAME: 'Preproc',
      METRICS: { LITFRAC_AMP: [0.32, 0.33, 0.35, 0.34] },
    });
    const script = `
import glob, json, sys
from astropy.io import fits
names = sorted(glob.glob(sys.argv[1] + '/*.fits'))
out = {}
for name in names:
    f = fits.open(name)
    out[name.split('/')[-1]] = [[h.name, list(h.data.shape)] for h in f]
f = fits.open(sys.argv[1] + '/preproc-r0-00000101.fits')
out['noise'] = round(float(f['READNOISE'].data[0, 0]), 6)
out['overscan'] = round(f['IMAGE'].header['OVERSCN1'], 6)
print(json.dumps(out))
`;
    const read = await outputOf(spawn('/usr/bin/python3', ['-c', script, directory]));
    expect(read.stderr).toBe('');
    const image = [1600, 640];
    const spectra = [50, 2638];
    const frame = [
      ['FLUX', spectra],
      ['IVAR', spectra],
      ['MASK', spectra],
      ['WAVELENGTH', [2638]],
      ['FIBERMAP', [50]],
    ];
    expect(JSON.parse(read.stdout)).toEqual({
      'preproc-r0-00000101.fits': ['IMAGE', 'IVAR', 'MASK', 'READNOISE'].map((name) => [name, image]),
      'preproc-binned-r0-00000101.fits': [['IMAGE', [800, 320]]],
      'frame-r0-00000101.fits': frame,
      'fframe-r0-00000101.fits': frame,
      'sframe-r0-00000101.fits': frame,
      'sky-r0-00000101.fits': [['SKY', spectra], ...frame.slice(1, 4)],
      'spectra-r0-00000101.fits': [
        ['FLUX', [50, 1024]],
        ['ERROR', [50, 1024]],
        ['WAVELENGTH', [1024]],
      ],
      noise: 2.726451,
      overscan: 1019.950039,
    });
    const verified = await outputOf(
      spawn('fitsverify', [
        '-q',
        ...readdirSync(directory)
          .filter((name) => name.endsWith('.fits'))
          .map((name) => join(directory, name)),
      ]),
    );
    expect(verified.code).toBe(0);
    expect(verified.stdout).not.toMatch(/error/i);
  });

  it('takes the options of the original', async () => {
    const config = folder.configure('qlconfig_bias.yaml', {}, (configuration) => {
      // The original's configurations have no Run block.
      (configuration as { Run?: unknown }).Run = undefined;
    });
    const plain = join(folder.path, 'qlconfig_bias.yaml');
    writeFileSync(plain, readFileSync(config, 'utf8').replace(/\nRun:[^]*/, '\n'));
    const raw = join(REFERENCE, 'raw');
    const options = ['-i', plain, '-n', '20191115', '-c', 'r0', '-e', '103', '--rawdata_dir', raw];
    const { code, stdout } = await run([...options, '--specprod_dir', folder.path, '--loglvl', '30'], {
      DESI_SPECTRO_CALIB: join(REFERENCE, 'calib'),
    });
    expect(code).toBe(EXIT.ok);
    expect(stdout).not.toContain(' INFO : ');
    expect(existsSync(join(folder.path, 'exposures/20191115/00000103/ql-mergedQA-r0-00000103.json'))).toBe(true);
  });
});

describe('failures', () => {
  const jobOf = (run: Parameters<JobFolder['configure']>[1]): string =>
    folder.configure('qlconfig_science_mini.yaml', { OutputDir: join(folder.path, 'failures'), ...run }, ccdOnly);

  const expectFailure = async (args: string[], code: number, message: RegExp): Promise<string> => {
    const ended = await run(args, endpoint.env);
    expect(ended.stderr.trim().split('\n')).toHaveLength(1);
    expect(ended.stderr).toMatch(message);
    expect(ended.code).toBe(code);
    return ended.stdout;
  };

  it('options that make no sense: 2', async () => {
    await expectFailure(['--confg', 'x'], EXIT.usage, /confg/);
    await expectFailure([], EXIT.usage, /--config/);
    await expectFailure(['-i', 'x.yaml', '-c', 'q9', '-n', '20191115', '-e', '1'], EXIT.usage, /q9/);
  });

  it('a configuration that is missing, no YAML or invalid: 3', async () => {
    await expectFailure(['--config', join(folder.path, 'absent.yaml')], EXIT.configuration, /absent.yaml/);
    const broken = join(folder.path, 'broken.yaml');
    writeFileSync(broken, 'Pipeline: [Initialize');
    await expectFailure(['--config', broken], EXIT.configuration, /broken.yaml/);
    const wrong = folder.configure('qlconfig_science_mini.yaml', {}, (configuration) => {
      configuration.Pipeline = ['Initialize', 'Wash'];
    });
    await expectFailure(['--config', wrong], EXIT.configuration, /Wash/);
  });

  it('a raw file that does not exist: 4', async () => {
    const stdout = await expectFailure(
      ['--config', jobOf({ RawFile: '/nowhere/raw.fits' })],
      EXIT.missingInput,
      /nowhere/,
    );
    expect(stdout).toContain('ERROR : File does not exist: /nowhere/raw.fits');
    expect(endpoint.documents.at(-1)).toMatchObject({ status: 1, measurements: [] });
  });

  it('a raw file that is cut off, or no FITS at all: 5', async () => {
    const cut = join(folder.path, 'cut.fits.fz');
    copyFileSync(runBlock(101, '').RawFile, cut);
    truncateSync(cut, 1_000_000);
    await expectFailure(
      ['--config', jobOf({ RawFile: cut })],
      EXIT.badInput,
      /cut.fits.fz: .*(cut off|not in the file)/,
    );
    const text = join(folder.path, 'text.fits');
    writeFileSync(text, 'this is no FITS file');
    await expectFailure(['--config', jobOf({ RawFile: text })], EXIT.badInput, /text.fits: .*FITS/);
  });

  it('a file of another exposure: 5, the check posted as an alarm and nothing else', async () => {
    await expectFailure(['--config', jobOf({ Expid: 999 })], EXIT.badInput, /of exposure 101, not of 999/);
    expect(endpoint.metrics()).toEqual(['checkhdus']);
    expect(endpoint.documents[0]?.measurements[0]?.value).toMatchObject({ METRICS: { EXPNUM_STATUS: 'ALARM' } });
  });

  it('no calibration: 6, and what can be measured without is posted', async () => {
    await expectFailure(['--config', jobOf({ CalibRoot: join(folder.path, 'nothing') })], EXIT.calibration, /nothing/);
    expect(endpoint.metrics()).toEqual(['getbias', 'getrms', 'countpix']);
    expect(endpoint.documents.at(-1)).toMatchObject({ status: 1 });
  });

  it('a camera whose keywords make no sense: 7', async () => {
    // One card of the camera's header, changed in place.
    const bytes = readFileSync(runBlock(101, '').RawFile);
    const at = bytes.indexOf("CCDSEC1 = '[1:320,1:800]'", bytes.indexOf("EXTNAME = 'B0"));
    expect(at).toBeGreaterThan(0);
    const before = bytes.lastIndexOf('XTENSION', at);
    expect(before).toBeGreaterThan(0);
    bytes.write("CCDSEC1 = '[1:320,1:xxx]'", at);
    const damaged = join(folder.path, 'damaged.fits.fz');
    writeFileSync(damaged, bytes);
    const camera = /CAMERA {2}= '([brz]\d)/.exec(bytes.toString('latin1', before, at))?.[1] as 'r0';
    const spectrograph = camera[1] ?? '';
    expect(spectrograph).toMatch(/[01]/);
    await expectFailure(['--config', jobOf({ RawFile: damaged, Camera: camera })], EXIT.step, /Preproc .*CCDSEC1/);
  });

  it('an endpoint that cannot be reached: 9, and the results are kept and posted later', async () => {
    const directory = join(folder.path, 'spooled');
    const config = folder.configure('qlconfig_science_mini.yaml', { OutputDir: directory }, ccdOnly);
    const ended = await run(['--config', config], {
      ...endpoint.env,
      QLF_API_URL: 'http://127.0.0.1:9/dashboard/api/',
    });
    expect(ended.code).toBe(EXIT.notPosted);
    expect(ended.stderr).toMatch(/kept in .*ql-spool-r0-00000101.jsonl/);
    expect(endpoint.documents).toHaveLength(0);
    const posted = await run(['--post-spool', directory], endpoint.env);
    expect(posted.code).toBe(EXIT.ok);
    expect(endpoint.metrics()).toEqual(CCD_METRICS);
    expect(existsSync(join(directory, 'ql-spool-r0-00000101.jsonl'))).toBe(false);
  });

  it('wrong credentials: 9', async () => {
    const config = jobOf({ OutputDir: join(folder.path, 'refused') });
    const ended = await run(['--config', config], { ...endpoint.env, QLF_PASSWD: 'wrong' });
    expect(ended.code).toBe(EXIT.notPosted);
    expect(ended.stdout).toMatch(/WARNING : Results were rejected: .* 401/);
  });
});

describe('started with a message channel', () => {
  const start = (args: string[]): ChildProcess =>
    fork(CLI, args, { silent: true, env: environment({}), execPath: process.execPath });

  it('ends by itself when the channel closes', async () => {
    const child = start(['--worker']);
    const ended = outputOf(child);
    child.disconnect();
    expect((await ended).code).toBe(EXIT.orphaned);
  });

  it('takes one job after another, and marks the end of the output of each', async () => {
    const child = start(['--worker']);
    const ended = outputOf(child);
    const jobs = ['one', 'two', 'three'].map((name): WorkerJob => {
      const isGood = name !== 'two';
      const OutputDir = join(folder.path, name);
      const RawFile = isGood ? runBlock(101, '').RawFile : '/nowhere/raw.fits';
      const config = folder.configure('qlconfig_science_mini.yaml', { OutputDir, RawFile }, ccdOnly);
      return { type: 'job', config, env: endpoint.env, mark: `<<${name}>>\n` };
    });
    const codes: unknown[] = [];
    const done = new Promise<void>((resolve) => {
      child.on('message', (message) => {
        codes.push(message);
        if (codes.length === jobs.length) resolve();
      });
    });
    for (const job of jobs) child.send(job);
    await done;
    child.disconnect();
    const { stdout, stderr } = await ended;
    expect(codes).toEqual([EXIT.ok, EXIT.missingInput, EXIT.ok].map((code) => ({ type: 'end', code })));
    const [one, two, three, rest] = stdout.split(/<<\w+>>\n/);
    expect(one).toContain('QuickLook Pipeline completed');
    expect(two).toContain('File does not exist: /nowhere/raw.fits');
    expect(three).toContain('QuickLook Pipeline completed');
    expect(rest).toBe('');
    expect(stderr).toMatch(/^<<one>>\nql-pipeline: .*nowhere.*\n<<two>>\n<<three>>\n$/);
    expect(endpoint.metrics()).toEqual([...CCD_METRICS, ...CCD_METRICS]);
  });
});
