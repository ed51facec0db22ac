import type { FastifyInstance, FastifyRequest } from 'fastify';
import { JobPostSchema, JobReceiptSchema, type JobReceipt } from '#shared/http/job-post.ts';
import { ApiErrorSchema, RESOURCES } from '#shared/http/resources.ts';
import type { Post, Principal, Recorded } from '../domain/ports/ingest-store.ts';
import type { Access } from './access.ts';
import { RequestError } from './api-error.ts';
import type { GroupCommit } from './group-commit.ts';
import type { PostReader } from './post-reader.ts';
import type { ReadPost } from './read-post.ts';
import { compileValidator } from './validation.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who sent it; set where a credential is demanded. */
    principal: Principal | null;
    /** What a post's body says, and its size; null where there is none. */
    post: { read: ReadPost; bytes: number } | null;
  }
}

const senderOf = (principal: Principal | null): string =>
  principal === null ? '' : principal.kind === 'run' ? `run ${String(principal.runId)}` : `user ${principal.user}`;

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
  app: FastifyInstance,
  parts: { access: Access; commit: GroupCommit; reader: PostReader; now: () => number },
): void {
  app.decorateRequest('post', null);
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    async (request: FastifyRequest, bytes: Buffer) => {
      // The reader may give the bytes away.
      const { length } = bytes;
      const body = { bytes, sender: senderOf(request.principal), connection: request.raw.socket };
      const reading = await parts.reader.read(body);
      if (!reading.ok) throw new RequestError(reading.code, reading.message, reading);
      request.post = { read: reading.post, bytes: length };
      return null;
    },
  );
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
      // What has been read fits; without a body nothing has been.
      validatorCompiler: (route) => {
        const validate = compileValidator(route);
        return (data: unknown) => (data === null ? { value: null } : (validate(data) as { value: unknown }));
      },
    },
    async (request, reply) => {
      const { principal, post: body } = request;
      if (!principal || !body) throw new RequestError('unauthorized', 'a credential and a body are needed');
      const post: Post = { ...body.read, principal, receivedAt: parts.now() };
      const outcome = await parts.commit.submit(post, body.bytes);
      if (!outcome.ok) throw new RequestError('forbidden', outcome.message);
      return reply.code(201).header('Content-Type', 'application/json; charset=utf-8').send(toReceipt(post, outcome));
    },
  );
}
