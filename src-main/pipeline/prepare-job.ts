import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expid8 } from '#shared/domain/exposure.ts';
import { qlFlavorOf } from '#shared/domain/ql-flavor.ts';
import type { QlRunBlock } from '#shared/domain/ql-run-block.ts';
import type { ExternalPipeline, PipelineSetting } from '#shared/domain/settings.ts';
import type { Step } from '#shared/domain/step.ts';
import { QlfError } from '#shared/ipc/result.ts';
import type { CameraConfiguration } from '../domain/ports/camera-configuration.ts';
import type { JobLaunch, JobPaths, JobResults } from '../domain/ports/job-pool.ts';
import type { JobRequest, PrepareJob } from '../domain/ports/prepare-job.ts';
import type { CameraConfigurationWriter } from './camera-configurator.ts';
import { checkTemplate } from './command-executor.ts';

/** s of silence after which desi_quicklook, which says every Period that it lives, is taken for dead. */
const QUICKLOOK_HEARTBEAT_SECONDS = 60;

type ProgramLaunch = Extract<JobLaunch, { kind: 'program' }>;

/** Arguments of the original's programs, after the program and what a person put behind it. */
const QUICKLOOK_ARGUMENTS = [
  ...['-i', '{config}', '-n', '{night}', '-c', '{camera}', '-e', '{expid}'],
  ...['--rawdata_dir', '{rawTree}', '--specprod_dir', '{products}'],
] as const;

/** As in desispec 0.31 and since: the steps by the exposure's OBSTYPE, all products into one folder. */
const qprocArguments = (paths: JobPaths, folder: string): string[] => [
  ...['-i', '{exposure}', '-c', '{camera}', ...(paths.fibermap ? ['-f', '{fibermap}'] : [])],
  ...['--auto', '--auto-output-dir', folder],
];

/** Steps that desi_qproc's log tells; its preprocessing and trace shifts are not told apart from what follows them. */
function qprocPlan(run: QlRunBlock): Step[] {
  return qlFlavorOf(run.Flavor, run.Program) === 'science' ? ['extract', 'fiberflat', 'sky', 'fluxcal'] : ['extract'];
}

/** Checks a pipeline's setting before it is kept. @throws QlfError `invalid-configuration` */
export function checkPipelineSetting(pipeline: PipelineSetting): void {
  if (pipeline.kind !== 'built-in') checkTemplate(pipeline.argv);
}

function pathsOf({ run, exposure }: JobRequest): JobPaths {
  return {
    exposure,
    rawTree: dirname(dirname(dirname(exposure))),
    fibermap: run.FiberMap ?? '',
    calib: run.CalibRoot ?? '',
    products: join(run.OutputDir, 'products'),
  };
}

/** $QL_SPEC_REDUX/exposures/NIGHT/EXPID8, where the original puts frames and QA. */
const exposureFolder = (paths: JobPaths, run: QlRunBlock): string =>
  join(paths.products, 'exposures', run.Night, expid8(run.Expid));

function environmentOf(pipeline: ExternalPipeline, paths: JobPaths): Record<string, string> {
  const { calib } = paths;
  return {
    // What waits in a buffer is no heartbeat.
    PYTHONUNBUFFERED: '1',
    // Under the names of all its releases.
    ...(calib ? { DESI_SPECTRO_CALIB: calib, DESI_CCD_CALIBRATION_DATA: calib, DESI_CALIBRATION_DATA: calib } : {}),
    ...pipeline.env,
    QL_SPEC_DATA: paths.rawTree,
    QL_SPEC_REDUX: paths.products,
  };
}

function demandCalibration(pipeline: ExternalPipeline, env: Readonly<Record<string, string>>): void {
  if (env['DESI_SPECTRO_CALIB'] || env['DESI_CCD_CALIBRATION_DATA']) return;
  throw new QlfError(
    'not-found',
    `${pipeline.kind} needs a calibration tree, and the telescope's computer has none: ` +
      "put DESI_SPECTRO_CALIB into the pipeline's environment",
  );
}

function launchOf(pipeline: ExternalPipeline, paths: JobPaths, run: QlRunBlock): ProgramLaunch {
  const folder = exposureFolder(paths, run);
  const name = `${run.Camera}-${expid8(run.Expid)}`;
  const results = (demanded: boolean, files: string[]): JobResults => ({
    mergedQa: { path: join(folder, `ql-mergedQA-${name}.json`), demanded },
    files,
  });
  const env = environmentOf(pipeline, paths);
  const common = { kind: 'program' as const, env, posts: false, heartbeatSeconds: null };
  switch (pipeline.kind) {
    case 'desi_quicklook':
      demandCalibration(pipeline, env);
      return {
        ...common,
        argv: [...pipeline.argv, ...QUICKLOOK_ARGUMENTS],
        heartbeatSeconds: QUICKLOOK_HEARTBEAT_SECONDS,
        results: results(true, []),
      };
    case 'desi_qproc':
      demandCalibration(pipeline, env);
      return {
        ...common,
        argv: [...pipeline.argv, ...qprocArguments(paths, folder)],
        results: results(false, [join(folder, `preproc-${name}.fits`)]),
      };
    case 'command':
      return { ...common, argv: pipeline.argv, posts: true, results: results(false, []) };
  }
}

/** Folders that the original expects, without what an earlier attempt left: its results are not this one's. */
async function clear(launch: ProgramLaunch, paths: JobPaths, run: QlRunBlock): Promise<void> {
  for (const folder of [exposureFolder(paths, run), join(paths.products, 'preproc', run.Night, expid8(run.Expid))])
    await mkdir(folder, { recursive: true });
  const { mergedQa, files } = launch.results;
  await Promise.all([mergedQa.path, ...files].map((file) => rm(file, { force: true })));
}

/** Writes the configuration in the words of the pipeline that is set, and tells how its program is called. */
export function createJobPreparer(configurator: CameraConfigurationWriter): PrepareJob {
  const configure = async ({ pipeline, yaml, run, timeoutSeconds }: JobRequest): Promise<CameraConfiguration> => {
    const directory = run.OutputDir;
    switch (pipeline.kind) {
      case 'built-in':
      case 'command':
        return configurator.write(yaml, run, directory);
      case 'desi_quicklook':
        return configurator.writeOriginal(yaml, run, directory, timeoutSeconds);
      case 'desi_qproc':
        // It makes spectra and measures no QA.
        return { ...(await configurator.write(yaml, run, directory)), plan: qprocPlan(run), metrics: [] };
    }
  };
  return async (request) => {
    const { pipeline, run } = request;
    const paths = pathsOf(request);
    checkPipelineSetting(pipeline);
    if (pipeline.kind === 'built-in') return { ...(await configure(request)), launch: { kind: 'built-in' }, paths };
    const launch = launchOf(pipeline, paths, run);
    await clear(launch, paths, run);
    return { ...(await configure(request)), launch, paths };
  };
}
