import { posix } from 'node:path';

/** Control characters, and halves of characters. */
// eslint-disable-next-line no-control-regex -- they are what is looked for
const ODD = /[\u0000-\u001f\u007f]|\p{Surrogate}/u;
const LONGEST_PATH = 4096;
const LONGEST_NAME = 255;

const plain = (path: string): boolean =>
  path !== '' &&
  !ODD.test(path) &&
  Buffer.byteLength(path) < LONGEST_PATH &&
  posix.normalize(path) === path &&
  !path.endsWith('/') &&
  path.split('/').every((name) => name !== '.' && name !== '..' && Buffer.byteLength(name) <= LONGEST_NAME);

/** Whether paths that come from another machine may be used here: names are data, and some are refused. */
export const POSIX_PATH = {
  absolute: (path: string): boolean => plain(path) && posix.isAbsolute(path),
  relative: (path: string): boolean => plain(path) && !posix.isAbsolute(path) && !path.includes('\\'),
  /** One part of a path. */
  name: (name: string): boolean => plain(name) && !name.includes('/') && !name.includes('\\'),
};
