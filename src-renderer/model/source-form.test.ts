import { expect, test } from 'vitest';
import { sourceForm, textOfForm } from './source-form.ts';

test.each([
  null,
  '/data/raw',
  'opsdb:/etc/qlf/opsdb.json',
  'ssh://desi@data1:2222/data/raw%20nights?identity=%2Fhome%2Fme%2F.ssh%2Fkey&calibration=%2Fdata%2Fcalib&nights=3',
  'ssh://data1/data/raw',
])('%s is taken apart and put together again', (source) => {
  expect(textOfForm(sourceForm(source))).toBe(source);
});

test('says nothing while it is not complete', () => {
  expect(textOfForm({ ...sourceForm(null), kind: 'folder' })).toBeUndefined();
  expect(textOfForm({ ...sourceForm('ssh://data1/data/raw'), path: 'raw' })).toBeUndefined();
  expect(textOfForm({ ...sourceForm('ssh://data1/data/raw'), host: '' })).toBeUndefined();
  expect(textOfForm({ ...sourceForm(null), kind: 'opsdb' })).toBeUndefined();
  expect(sourceForm('ssh://data1:2222/data/raw')).toMatchObject({ host: 'data1', port: '2222', user: '' });
});
