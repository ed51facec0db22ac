import { Header } from '#shared/fits/header.ts';
import type { JobFacts } from '../types.ts';

/** What every product says of where it comes from. */
export function identityCards({ camera, expid, night, flavor, program, exptime }: JobFacts): Header {
  const header = new Header()
    .set('CAMERA', camera)
    .set('EXPID', expid, 'exposure number')
    .set('NIGHT', night, 'YEARMMDD of sunset')
    .set('FLAVOR', flavor)
    .setReal('EXPTIME', exptime, '[s] exposure time');
  return program === null ? header : header.set('PROGRAM', program);
}
