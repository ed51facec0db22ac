import { isAscii } from 'node:buffer';
import { parseCamera } from '#shared/domain/camera.ts';
import { JobPostSchema, MAX_DEPTH, type JobPost } from '#shared/http/job-post.ts';
import { judgedPart } from '#shared/qa/judged-part.ts';
import type { Post, PostedMeasurement } from '../domain/ports/ingest-store.ts';
import { normalise, UnfitValue } from './normalise.ts';
import { parseBody, type ParsedBody } from './parse-json.ts';
import { schemaCheck, type Unfit } from './validation.ts';
import { isNestedDeeper, valueSpans, type Span } from './value-spans.ts';

/** What a post says, whoever sent it. */
export type ReadPost = Omit<Post, 'principal' | 'receivedAt'>;

/** A body as read, or what is wrong with it. Goes from thread to thread as it is. */
export type PostReading =
  { ok: true; post: ReadPost } | ({ ok: false; code: 'bad-request' | 'invalid' } & Pick<Unfit, 'message' | 'details'>);

/** A value's levels, those of the post around it, and some to say exactly which value is too deep. */
const MAX_BODY_DEPTH = MAX_DEPTH + 8;
const check = schemaCheck(JobPostSchema);

/** How the text of a value is kept that stands at a span of the body. */
type Keep = (text: string, span: Span) => string | Uint8Array;

const asText: Keep = (text, span) => text.slice(...span);

function toMeasurements(body: JobPost, { text, mark }: ParsedBody, keep: Keep): PostedMeasurement[] | Unfit {
  const spans = valueSpans(text);
  const measurements: PostedMeasurement[] = [];
  for (const [i, { metric, value: parsed }] of (body.measurements ?? []).entries()) {
    try {
      const { value, nonFinite, digest } = normalise(parsed, mark, MAX_DEPTH);
      // What is no JSON cannot be kept as it was sent.
      const sent = nonFinite === null ? spans[i] : undefined;
      const kept = sent ? keep(text, sent) : JSON.stringify(value);
      measurements.push({ name: metric, value: judgedPart(metric, value), nonFinite, digest, text: kept });
    } catch (error) {
      if (!(error instanceof UnfitValue)) throw error;
      const path = ['', 'measurements', String(i), 'value', ...error.path].join('/');
      return {
        message: `the value of ${metric} cannot be kept: ${error.message}`,
        details: [{ path, message: error.message }],
      };
    }
  }
  return measurements;
}

/** Reads the body of a post: UTF-8, JSON, its schema, and values that can be kept. */
export function readPost(bytes: Uint8Array, keep: Keep = asText): PostReading {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  if (isNestedDeeper(text, MAX_BODY_DEPTH))
    return { ok: false, code: 'invalid', message: `the body is nested deeper than ${String(MAX_BODY_DEPTH)} levels` };
  let parsed: ParsedBody;
  try {
    parsed = parseBody(text);
  } catch (error) {
    return { ok: false, code: 'bad-request', message: `the body is no JSON: ${(error as Error).message}` };
  }
  const unfit = check(parsed.value);
  if (unfit) return { ok: false, code: 'invalid', ...unfit, message: `the body ${unfit.message}` };
  const body = parsed.value as JobPost;
  const camera = parseCamera(body.camera);
  if (camera === undefined) return { ok: false, code: 'invalid', message: `${body.camera} is no camera` };
  const measurements = toMeasurements(body, parsed, keep);
  if ('message' in measurements) return { ok: false, code: 'invalid', ...measurements };
  return {
    ok: true,
    post: { expid: body.expid, camera, status: body.status as Post['status'], label: body.id ?? null, measurements },
  };
}

/**
 * The same with the values as parts of the body's bytes, which go from thread to thread without a copy; a body that is not
 * ASCII has them as text.
 */
export function readPostInBytes(bytes: Uint8Array): PostReading {
  return readPost(bytes, isAscii(bytes) ? (_text, span) => bytes.subarray(...span) : asText);
}
