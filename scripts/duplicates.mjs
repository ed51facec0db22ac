/**
 * Finds code that stands in two places, by jscpd: exit status 1 and the places where there is any.
 */
import { createRequire } from 'node:module';
import { root } from './bootstrap.mjs';

// Its module for `import` cannot be loaded by Node.
const require = createRequire(import.meta.url);
const { detectClones } = require('jscpd');

const FOLDERS = ['src-shared', 'src-main', 'src-renderer', 'src-pipeline', 'e2e', 'bench', 'scripts'];

const place = ({ sourceId, start, end }) => `${sourceId.replace(`${root}/`, '')}:${start.line}-${end.line}`;

process.chdir(root);
const clones = await detectClones({
  path: FOLDERS,
  pattern: '**/*.{ts,tsx,mjs,css}',
  // What the compiler wrote, and what others recorded.
  ignore: ['**/*-kernel.ts', 'e2e/data/**', '**/node_modules/**'],
  minLines: 8,
  minTokens: 80,
  silent: true,
});
for (const { duplicationA, duplicationB } of clones)
  console.log(`${place(duplicationA)} is the same as ${place(duplicationB)}`);
console.log(clones.length === 0 ? 'No code stands in two places.' : `${clones.length} duplicates`);
process.exitCode = clones.length === 0 ? 0 : 1;
