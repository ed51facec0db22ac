import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import Type from 'typebox';
import { Value } from 'typebox/value';
import type { ExternalPipeline, PipelineSetting } from '#shared/domain/settings.ts';
import type { Programs } from '../domain/ports/programs.ts';

/** Programs that are remembered; the oldest is forgotten, and asked for again. */
const MOST = 200;

const ListSchema = Type.Object(
  { allowed: Type.Array(Type.Object({ sha256: Type.String(), argv: Type.Array(Type.String()) })) },
  { additionalProperties: false },
);
type Allowed = { sha256: string; argv: string[] };

/** A program is the same only with the same arguments and the same environment: each can make it do anything. */
function digestOf({ kind, argv, env }: ExternalPipeline): string {
  const named = Object.entries(env).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([kind, argv, named]))
    .digest('hex');
}

function readList(file: string): Allowed[] {
  try {
    const list: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return Value.Check(ListSchema, list) ? list.allowed : [];
  } catch {
    // Without the list nothing is allowed; whoever needs a program is asked again.
    return [];
  }
}

/** The same, and the one that QLF was started with: who wrote the command line may run it. */
export function withStarted(programs: Programs, started: PipelineSetting): Programs {
  return { ...programs, allows: (pipeline) => isDeepStrictEqual(pipeline, started) || programs.allows(pipeline) };
}

/** The list of this computer's allowed programs in `file`, read anew each time so that several engines share it. */
export function createAllowedPrograms(file: string): Programs {
  return {
    allows: (pipeline) => {
      const sha256 = digestOf(pipeline);
      return readList(file).some((known) => known.sha256 === sha256);
    },
    allow(pipeline) {
      const sha256 = digestOf(pipeline);
      const others = readList(file).filter((known) => known.sha256 !== sha256);
      // The arguments stand there for people; only the digest counts. The environment may hold what nobody should read.
      const allowed = [...others, { sha256, argv: pipeline.argv }].slice(-MOST);
      mkdirSync(dirname(file), { recursive: true });
      const next = `${file}.new`;
      writeFileSync(next, `${JSON.stringify({ allowed }, null, 2)}\n`, { mode: 0o600 });
      renameSync(next, file);
    },
  };
}
