import type { FastifyInstance } from 'fastify';
import type { CameraName } from '#shared/domain/camera.ts';
import { ExposureSchema } from '#shared/domain/exposure.ts';
import { JobSchema } from '#shared/domain/run.ts';
import * as http from '#shared/http/resources.ts';
import { METRICS } from '#shared/qa/catalogue.ts';
import type { IngestStore } from '../domain/ports/ingest-store.ts';
import type { Access } from './access.ts';
import { RequestError } from './api-error.ts';
import type { SchemaTypes } from './validation.ts';

const { RESOURCES } = http;
const DEFAULT_LIMIT = 100;

const page = ({ limit = DEFAULT_LIMIT, offset = 0 }: { limit?: number; offset?: number }) => ({ limit, offset });

/** Members that have a value. */
function given<T extends object>(filter: { [K in keyof T]: T[K] | undefined }): Partial<T> {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)) as Partial<T>;
}

function found<T>(thing: T | undefined, what: string): T {
  if (thing === undefined) throw new RequestError('not-found', `there is no ${what}`);
  return thing;
}

/** The resources for reading back; all of them need a credential. */
export function readRoutes(instance: FastifyInstance, { store, access }: { store: IngestStore; access: Access }): void {
  const app = instance.withTypeProvider<SchemaTypes>();
  app.addHook('onRequest', (request, _reply, done) => {
    request.principal = access.authenticate(request);
    done();
  });
  const about = (tag: string, summary: string) => ({ summary, tags: [tag], security: [{ basic: [] }] });
  const answers = <T>(schema: T) => ({ 200: schema, default: http.ApiErrorSchema });

  app.get(
    RESOURCES.exposure,
    {
      schema: {
        ...about('exposure', 'Exposures, newest first'),
        querystring: http.ExposureQuery,
        response: answers(http.ExposureList),
      },
    },
    ({ query }) => {
      const { total, exposures } = store.listExposures(page(query));
      return { total, results: exposures };
    },
  );
  app.get(
    `${RESOURCES.exposure}:id`,
    { schema: { ...about('exposure', 'One exposure'), params: http.ExpidParams, response: answers(ExposureSchema) } },
    ({ params }) => found(store.exposure(params.id), `exposure ${params.id}`),
  );

  app.get(
    RESOURCES.run,
    { schema: { ...about('run', 'Runs, newest first'), querystring: http.RunQuery, response: answers(http.RunList) } },
    ({ query }) => {
      const { total, runs } = store.listRuns({ ...given({ expid: query.expid }), ...page(query) });
      return { total, results: runs };
    },
  );
  app.get(
    `${RESOURCES.run}:id`,
    {
      schema: {
        ...about('run', 'A run with its jobs and their newest measurements'),
        params: http.IdParams,
        response: answers(http.RunDetailSchema),
      },
    },
    ({ params }) => found(store.runDetail(params.id), `run ${params.id}`),
  );

  app.get(
    RESOURCES.job,
    { schema: { ...about('job', 'Jobs, newest first'), querystring: http.JobQuery, response: answers(http.JobList) } },
    ({ query: { run, expid, camera, ...rest } }) => {
      const filter = given<{ runId: number; expid: number; camera: CameraName }>({ runId: run, expid, camera });
      const { total, jobs } = store.listJobs({ ...filter, ...page(rest) });
      return { total, results: jobs };
    },
  );
  app.get(
    `${RESOURCES.job}:id`,
    { schema: { ...about('job', 'One job'), params: http.IdParams, response: answers(JobSchema) } },
    ({ params }) => found(store.job(params.id), `job ${params.id}`),
  );

  app.get(
    RESOURCES.measurement,
    {
      schema: {
        ...about('measurement', 'Measurements of a run, a job or an exposure without their values, newest first'),
        querystring: http.MeasurementQuery,
        response: answers(http.MeasurementList),
      },
    },
    ({ query: { run, job, expid, camera, metric, revisions, ...rest } }) => {
      if (run === undefined && job === undefined && expid === undefined) {
        throw new RequestError('invalid', 'name the run, the job or the expid whose measurements are wanted');
      }
      const filter = given<Parameters<IngestStore['listMeasurements']>[0] & object>({
        runId: run,
        jobId: job,
        expid,
        camera,
        metric,
        revisions,
      });
      const { total, measurements } = store.listMeasurements(filter, page(rest));
      return { total, results: measurements };
    },
  );
  app.get(
    `${RESOURCES.measurement}:id`,
    {
      schema: {
        ...about('measurement', 'A measurement with its value'),
        params: http.IdParams,
        response: answers(http.StoredMeasurementSchema),
      },
    },
    ({ params }) => found(store.measurement(params.id), `measurement ${params.id}`),
  );

  app.get(
    RESOURCES.metric,
    { schema: { ...about('metric', 'The QA metrics that QLF knows'), response: answers(http.MetricList) } },
    () => ({
      total: METRICS.length,
      results: METRICS.map(({ name, title, group, step, description, unit, keys, className, aliases }) => ({
        name,
        title,
        category: group,
        step,
        description,
        unit,
        keys: keys.map(({ key, label, unit: keyUnit }) => ({ key, label, unit: keyUnit })),
        aliases: [className, ...aliases],
      })),
    }),
  );
}
