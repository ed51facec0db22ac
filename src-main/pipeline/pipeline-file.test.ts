import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readPipelineFile } from './pipeline-file.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qlf-pipeline-file-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const read = (text: string) => {
  const file = join(folder, 'pipeline.json');
  writeFileSync(file, text);
  return readPipelineFile(file);
};

it('reads what the setting may be', () => {
  expect(read('{"kind": "built-in"}')).toEqual({ kind: 'built-in' });
  const quicklook = { kind: 'desi_quicklook', argv: ['desi_quicklook'], env: { PYTHONPATH: '/opt/desi' } };
  expect(read(JSON.stringify(quicklook))).toEqual(quicklook);
});

it('names the file and what is wrong with it', () => {
  expect(() => readPipelineFile('/no/such/file')).toThrow('/no/such/file cannot be taken: ENOENT');
  expect(() => read('{')).toThrow('pipeline.json cannot be taken');
  expect(() => read('{"kind": "desi_quicklook"}')).toThrow('it needs kind');
  expect(() => read('{"kind": "command", "argv": ["x", "{kamera}"], "env": {}}')).toThrow('{kamera}');
});
