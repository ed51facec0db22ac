import { parseArgs } from 'node:util';
import { EXIT, JobFailure, messageOf } from '../job/failure.ts';
import type { JobRequest } from '../job/load-configuration.ts';
import { runBlockOf } from './original-options.ts';

export const USAGE = `Usage:
  ql-pipeline --config FILE                    process one camera as FILE says
  ql-pipeline -i FILE -n NIGHT -c CAM -e EXPID [--rawdata_dir DIR] [--specprod_dir DIR]
                                               the original's options; FILE has no Run block
  ql-pipeline --post-spool DIR                 post results that an earlier job could not

Options:
  --loglvl N        lowest level logged: 10 debug, 20 info, 30 warning
  --compatibility   reproduce desispec 0.31, its errors included
  --qa-json         also write one ql-{qa}-CAM-EXPID.json a QA
  --worker          take jobs from the program that starts this one, over its message channel
  --help

Environment: QLF_API_URL, QLF_USER, QLF_PASSWD (where results are posted), DESI_SPECTRO_CALIB (calibration tree),
QL_SPEC_DATA and QL_SPEC_REDUX (defaults of --rawdata_dir and --specprod_dir).
`;

export type Command =
  | { kind: 'job'; request: JobRequest }
  | { kind: 'worker' }
  | { kind: 'post-spool'; directory: string }
  | { kind: 'help' };

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws JobFailure `usage` */
export function readCommand(args: readonly string[], env: Environment): Command {
  const { values } = parsed(args);
  if (values.help) return { kind: 'help' };
  if (values.worker) return { kind: 'worker' };
  if (values['post-spool'] !== undefined) return { kind: 'post-spool', directory: values['post-spool'] };
  const configFile = values.config ?? values.config_file;
  if (configFile === undefined) throw new JobFailure(EXIT.usage, 'no configuration was given: --config FILE');
  const isOriginal = values.night !== undefined || values.camera !== undefined || values.expid !== undefined;
  return {
    kind: 'job',
    request: {
      configFile,
      run: isOriginal ? runBlockOf(values, env) : null,
      compatible: values.compatibility === true,
      qaJson: values['qa-json'] === true,
      logLevel: values.loglvl === undefined ? null : levelOf(values.loglvl),
    },
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      strict: true,
      options: {
        config: { type: 'string' },
        config_file: { type: 'string', short: 'i' },
        night: { type: 'string', short: 'n' },
        camera: { type: 'string', short: 'c' },
        expid: { type: 'string', short: 'e' },
        rawdata_dir: { type: 'string' },
        specprod_dir: { type: 'string' },
        loglvl: { type: 'string' },
        compatibility: { type: 'boolean' },
        'qa-json': { type: 'boolean' },
        'post-spool': { type: 'string' },
        worker: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new JobFailure(EXIT.usage, messageOf(error), { cause: error });
  }
}

function levelOf(text: string): number {
  const level = Number(text);
  if (Number.isInteger(level) && level >= 0 && level <= 50) return level;
  throw new JobFailure(EXIT.usage, `--loglvl ${text} is no level: 10, 20, 30, 40 or 50`);
}
