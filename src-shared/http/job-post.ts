import Type, { type Static } from 'typebox';
import { CameraSchema } from '../domain/camera.ts';
import { QaStatusSchema } from '../domain/measurement.ts';
import { JOB_STATES } from '../domain/run.ts';

/** Deepest nesting of a posted value. */
export const MAX_DEPTH = 32;
/** Most measurements in one post. */
export const MAX_MEASUREMENTS = 200;

/** The sender's own name of its job; QLF keeps it and never acts on it. */
const LabelSchema = Type.Union([Type.Integer(), Type.String({ maxLength: 200 }), Type.Null()]);

/**
 * What a pipeline posts to the `job` resource, as the founding document has it. Other members are ignored. A post may be
 * partial and come again.
 */
export const JobPostSchema = Type.Object(
  {
    id: Type.Optional(LabelSchema),
    expid: Type.Integer({ minimum: 0, maximum: 99_999_999 }),
    camera: Type.String({ pattern: '^[brzBRZ][0-9]$' }),
    /** 0 ok, 1 failed, 2 running */
    status: Type.Integer({ minimum: 0, maximum: 2 }),
    measurements: Type.Optional(
      Type.Array(
        Type.Object({
          /** Short name of the QA metric, in any case; one that QLF does not know is kept as it is. */
          metric: Type.String({
            minLength: 1,
            maxLength: 100,
            pattern: '^[^\\u0000-\\u001f]*[^\\u0000-\\u0020][^\\u0000-\\u001f]*$',
          }),
          /** {METRICS, PARAMS} as the original's QA outputs, or any JSON. */
          value: Type.Unknown(),
        }),
        { maxItems: MAX_MEASUREMENTS },
      ),
    ),
  },
  { $id: 'JobPost', description: 'A job of a pipeline with the QA outputs that it has so far' },
);
export type JobPost = Static<typeof JobPostSchema>;

/** The answer, once everything in the post is durable. */
export const JobReceiptSchema = Type.Object(
  {
    id: LabelSchema,
    expid: Type.Integer(),
    camera: CameraSchema,
    status: Type.Integer(),
    /** QLF's own numbers of the run and the job. */
    run: Type.Integer(),
    job: Type.Integer(),
    state: Type.Enum(JOB_STATES),
    measurements: Type.Array(
      Type.Object({
        id: Type.Integer(),
        metric: Type.String(),
        revision: Type.Integer(),
        status: QaStatusSchema,
        /** False where this value was there already. */
        stored: Type.Boolean(),
      }),
    ),
  },
  { $id: 'JobReceipt' },
);
export type JobReceipt = Static<typeof JobReceiptSchema>;
