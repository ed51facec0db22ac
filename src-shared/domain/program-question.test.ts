import { expect, it } from 'vitest';
import { programQuestion } from './program-question.ts';

const ask = (argv: string[], env: Record<string, string> = {}) => programQuestion({ kind: 'command', argv, env });

it('names the program, every argument and the environment', () => {
  expect(ask(['/opt/run', '--config', '{config}'], { DESI_SPECTRO_CALIB: '/data/calib' })).toBe(
    '/opt/run\n--config\n{config}\nDESI_SPECTRO_CALIB=/data/calib',
  );
});

it('writes out what would mislead: line breaks, spaces, marks that turn the direction, letters that look alike', () => {
  expect(ask(['/bin/sh\n\n(nothing else)', '-c', 'rm -rf ~', 'a\u202ecod.exe', '/opt/r\u0443n'])).toBe(
    ['"/bin/sh\\n\\n(nothing else)"', '-c', '"rm -rf ~"', '"a\\u{202e}cod.exe"', '"/opt/r\\u{443}n"'].join('\n'),
  );
});

it('is not asked where it could not be read whole', () => {
  expect(ask(['/opt/run', 'x'.repeat(1500)])).toBeNull();
  expect(ask(Array.from({ length: 26 }, () => 'x'))).toBeNull();
  expect(ask(Array.from({ length: 25 }, () => 'x'))).not.toBeNull();
});
