import { expect, it } from 'vitest';
import { checkFrozenConfiguration } from './ql-configuration.ts';

it('a configuration is looked at whole, under names with line breaks too', () => {
  const Algorithms = { Preproc: { QA: { 'Bias\n- 0.4': null } } };
  const bias = {
    Flavor: 'bias',
    WritePreprocfile: false,
    Debuglevel: 20,
    Period: 5,
    Timeout: 120,
    Pipeline: ['Preproc'],
  };
  expect(checkFrozenConfiguration({ bias: { ...bias, Algorithms } })).toMatchObject([
    { path: ['bias', 'Algorithms', 'Preproc', 'QA', 'Bias\n- 0.4'] },
  ]);
  expect(checkFrozenConfiguration({ bias: { ...bias, Algorithms: { 'a\nb': 3 } } })).toMatchObject([
    { path: ['bias', 'Algorithms', 'a\nb'] },
  ]);
});
