import type { Json } from '#shared/domain/measurement.ts';
import { need, type JobFacts, type QaDefinition, type RawCamera } from '../types.ts';

export interface HduCheck {
  /** The HDU is this camera's. */
  camera: boolean;
  /** The header has this exposure's number. */
  expid: boolean;
}

/** Is this the file that the job was told to read? A keyword that is absent contradicts nothing. */
export function checkHdus(raw: RawCamera, { camera, expid }: Pick<JobFacts, 'camera' | 'expid'>): HduCheck {
  const named = raw.header.text('CAMERA')?.trim().toLowerCase();
  const numbered = raw.header.number('EXPID');
  return {
    camera: named === undefined || named === camera,
    expid: numbered === undefined || numbered === expid,
  };
}

const wire = (isRight: boolean): string => (isRight ? 'NORMAL' : 'ALARM');

/** CHECKHDUS_STATUS and EXPNUM_STATUS: ALARM where the HDU is of another camera, the header of another exposure. */
export const CHECKHDUS: QaDefinition = {
  metric: 'checkhdus',
  algorithm: 'Check_HDUs',
  run(products, context) {
    const check = checkHdus(need(products, 'raw'), context);
    const params: Record<string, Json> = { EXPTIME: context.exptime };
    if (context.flavor === 'science') {
      params['SEEING'] = context.seeing;
      params['AIRMASS'] = context.airmass;
      params['PROGRAM'] = context.program;
    }
    return { metrics: { CHECKHDUS_STATUS: wire(check.camera), EXPNUM_STATUS: wire(check.expid) }, params };
  },
};
