import { expect, it } from 'vitest';
import { dataFolder, inside } from './folders.ts';

it('keeps names from outside inside their folder', () => {
  expect(inside('/data/calib', 'spec/sp0/b0.yaml')).toBe('/data/calib/spec/sp0/b0.yaml');
  for (const name of ['../x', 'a/../../x', '/etc/passwd', 'a\0b', '..', '.'])
    expect(() => inside('/data/calib', name)).toThrow('does not stay inside');
});

it('names the folders of a run by night, exposure and run', () => {
  const folder = dataFolder('/d');
  expect(folder.redux('20191115', 101, 7)).toBe('/d/redux/exposures/20191115/00000101/run-7');
  expect(folder.jobLog('20191115', 101, 7, 'b0')).toBe('/d/redux/exposures/20191115/00000101/run-7/run-b0.log');
});
