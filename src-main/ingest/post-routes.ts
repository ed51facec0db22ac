import type { FastifyInstance } from 'fastify';
import { parseCamera } from '#shared/domain/camera.ts';
import { JobPostSchema, JobReceiptSchema, MAX_DEPTH, type JobPost, type JobReceipt } from '#shared/http/job-post.ts';
import { ApiErrorSchema, RESOURCES } from '#shared/http/resources.ts';
import type { Post, PostedMeasurement, Principal, Recorded } from '../domain/ports/ingest-store.ts';
import type { Access } from './access.ts';
import { RequestError } from './api-error.ts';
import type { GroupCommit } from './group-commit.ts';
import { normalise, UnfitValue, type Normalised } from './normalise.ts';
import type { ParsedBody } from './parse-json.ts';
import type { SchemaTypes } from './validation.ts';
import { valueSpans } from './value-spans.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who sent it; set where a credential is demanded. */
    principal: Principal | null;
    /** The body's text and value; null where there is none. */
    parsed: ParsedBody | null;
  }
}

function fit(value: unknown, metric: string, index: number, mark: string | null): Normalised {
  try {
    return normalise(value, mark, MAX_DEPTH);
  } catch (error) {
    if (!(error instanceof UnfitValue)) throw error;
    const path = ['', 'measurements', String(index), 'value', ...error.path].join('/');
    throw new RequestError('invalid', `the value of ${metric} cannot be kept: ${error.message}`, {
      details: [{ path, message: error.message }],
    });
  }
}

function toMeasurements(body: JobPost, { text, mark }: ParsedBody): PostedMeasurement[] {
  const measurements = body.measurements ?? [];
  const spans = valueSpans(text);
  return measurements.map(({ metric, value: parsed }, i) => {
    const { value, nonFinite, digest } = fit(parsed, metric, i, mark);
    // What is no JSON cannot be kept as it was sent.
    const sent = nonFinite === null ? spans[i] : undefined;
    return { name: metric, value, nonFinite, digest, text: sent ? text.slice(...sent) : JSON.stringify(value) };
  });
}

function toPost(body: JobPost, parsed: ParsedBody, principal: Principal, receivedAt: number): Post {
  const camera = parseCamera(body.camera);
  if (camera === undefined) throw new RequestError('invalid', `${body.camera} is no camera`);
  return {
    principal,
    expid: body.expid,
    camera,
    status: body.status as Post['status'],
    label: body.id ?? null,
    measurements: toMeasurements(body, parsed),
    receivedAt,
  };
}

function toReceipt(post: Post, { run, job, measurements }: Recorded): JobReceipt {
  return {
    id: post.label,
    expid: post.expid,
    camera: post.camera,
    status: post.status,
    run: run.id,
    job: job.id,
    state: job.state,
    measurements: measurements.map(({ stored, summary: { id, metric, revision, status } }) => ({
      id,
      metric,
      revision,
      status,
      stored,
    })),
  };
}

/** `POST job`: stores a job's measurements and answers 201 once they are durable and the control room knows. */
export function postRoutes(
  instance: FastifyInstance,
  parts: { access: Access; commit: GroupCommit; now: () => number },
): void {
  const app = instance.withTypeProvider<SchemaTypes>();
  app.post(
    RESOURCES.job,
    {
      schema: {
        summary: 'Post the QA outputs of a job, all or some, once or again',
        description:
          'The credential with expid and camera names the job. The same value is stored once, a different one becomes a new ' +
          'revision. NaN, Infinity and -Infinity, as Python writes them, are kept as null and noted.',
        tags: ['job'],
        security: [{ basic: [] }],
        body: JobPostSchema,
        response: { 201: JobReceiptSchema, default: ApiErrorSchema },
      },
      onRequest: (request, _reply, done) => {
        request.principal = parts.access.authenticate(request);
        done();
      },
    },
    async (request, reply) => {
      const { principal, parsed } = request;
      if (!principal || !parsed) throw new RequestError('unauthorized', 'a credential and a body are needed');
      const post = toPost(request.body, parsed, principal, parts.now());
      const outcome = await parts.commit.submit(post, parsed.text.length);
      if (!outcome.ok) throw new RequestError('forbidden', outcome.message);
      return reply.code(201).header('Content-Type', 'application/json; charset=utf-8').send(toReceipt(post, outcome));
    },
  );
}
