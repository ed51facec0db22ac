import { access, readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { JobLaunch, JobSpec } from '../domain/ports/job-pool.ts';
import type { MergedQaSink } from '../domain/ports/merged-qa-sink.ts';
import { createCommandExecutor } from './command-executor.ts';
import type { Execution, ExecutionEnd, ExecutorOutput, JobExecutor } from './executor.ts';
import { isLogged } from './log-protocol.ts';

/** Bytes of standard error in which the last line is looked for. */
const TAIL_BYTES = 4000;
/** Largest merged QA file that is read; a full one has 0.4 MB. */
const MAX_MERGED_BYTES = 64_000_000;

type ProgramLaunch = Extract<JobLaunch, { kind: 'program' }>;

/** Keeps the end of a stream; Python says there why it exits. */
function tail(): { take(chunk: Buffer): void; lastLine(): string } {
  let kept = Buffer.alloc(0);
  return {
    take(chunk) {
      kept = Buffer.concat([kept, chunk]).subarray(-TAIL_BYTES);
    },
    lastLine: () => kept.toString('utf8').trimEnd().split('\n').at(-1)?.trim() ?? '',
  };
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

async function readMerged(path: string): Promise<string> {
  const { size } = await stat(path);
  if (size > MAX_MERGED_BYTES) throw new Error(`it has ${String(size)} bytes, which cannot be`);
  return readFile(path, 'utf8');
}

/** Takes in what the job left in files. @returns what is wrong with it, empty when nothing is */
async function takeResults({ results }: ProgramLaunch, spec: JobSpec, sink: MergedQaSink): Promise<string> {
  const { path, demanded } = results.mergedQa;
  if (await exists(path)) {
    try {
      const { runId, expid, night, camera } = spec;
      sink.record({ runId, expid, night, camera }, await readMerged(path));
    } catch (error) {
      return `${basename(path)} cannot be taken: ${error instanceof Error ? error.message : String(error)}`;
    }
  } else if (demanded) {
    return `it ended without ${basename(path)}`;
  }
  for (const file of results.files) if (!(await exists(file))) return `it ended without ${basename(file)}`;
  return '';
}

function startProgram(
  launch: ProgramLaunch,
  spec: JobSpec,
  marker: string,
  output: ExecutorOutput,
  sink: MergedQaSink,
): Execution {
  const errors = tail();
  const execution = createCommandExecutor(launch.argv, launch.env).start(
    launch.posts ? spec : { ...spec, env: {} },
    marker,
    {
      ...output,
      onStderr: (chunk) => {
        errors.take(chunk);
        output.onStderr(chunk);
      },
    },
  );
  const conclude = async (end: ExecutionEnd): Promise<ExecutionEnd> => {
    // What a killed program left may be half of something.
    if (end.error !== null || end.signal !== null) return end;
    const wrong = await takeResults(launch, spec, sink);
    const said = errors.lastLine();
    if (end.code !== 0) return isLogged(said) ? end : { ...end, message: said };
    return wrong ? { ...end, noResults: wrong } : end;
  };
  return { ...execution, ended: execution.ended.then(conclude) };
}

/** Runs each job as its launch says: by the built-in pipeline, or by another program whose result files are taken in. */
export function createPipelineExecutor(builtIn: JobExecutor, sink: MergedQaSink): JobExecutor {
  return {
    start: (spec, marker, output) =>
      spec.launch.kind === 'built-in'
        ? builtIn.start(spec, marker, output)
        : startProgram(spec.launch, spec, marker, output, sink),
    close: () => builtIn.close(),
  };
}
