/**
 * Compiles the kernels in AssemblyScript (NAME.as) and writes their WebAssembly bytes as TypeScript modules (NAME.ts), so
 * that they travel in every bundle. The results are committed; a test compiles again and compares.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const root = new URL('../', import.meta.url);

/** Where each kernel is, what its module exports, and what it needs of WebAssembly. */
export const KERNELS = [
  { path: 'src-shared/fits/rice-kernel', name: 'RICE_KERNEL', flags: ['--initialMemory', '1'] },
  { path: 'src-pipeline/kernel/image-kernel', name: 'IMAGE_KERNEL', flags: ['--importMemory', '--enable', 'simd'] },
];

/** A kernel's bytes. */
export async function compileKernel({ path, flags }) {
  const source = readFileSync(new URL(`${path}.as`, root), 'utf8');
  let binary;
  const { error, stderr } = await asc.main(
    ['kernel.ts', '-O3', '--runtime', 'stub', '--noAssert', '--outFile', 'kernel.wasm', ...flags],
    {
      readFile: (name) => (name === 'kernel.ts' ? source : null),
      writeFile: (name, contents) => {
        if (name === 'kernel.wasm') binary = contents;
      },
      listFiles: () => [],
    },
  );
  if (error || !binary) throw new Error(`${path}.as does not compile: ${stderr.toString()}`, { cause: error });
  return new Uint8Array(binary);
}

/** The module's text, formatted as prettier would. */
export function kernelModule({ path, name }, bytes) {
  const lines = [];
  let line = ' ';
  for (const byte of bytes) {
    const next = `${line} ${byte},`;
    if (next.length > 120) {
      lines.push(line);
      line = `  ${byte},`;
    } else {
      line = next;
    }
  }
  lines.push(line);
  const source = path.replace(/.*\//, '');
  return [
    `/** WebAssembly of ${source}.as, made by \`npm run build:kernels\`; not to be edited. */`,
    `export const ${name} = new Uint8Array([`,
    ...lines,
    ']);',
    '',
  ].join('\n');
}

/** The module as it is committed. */
export function committedModule({ path }) {
  return readFileSync(new URL(`${path}.ts`, root), 'utf8');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const kernel of KERNELS) {
    const bytes = await compileKernel(kernel);
    writeFileSync(new URL(`${kernel.path}.ts`, root), kernelModule(kernel, bytes));
    console.log(`${kernel.path}.ts: ${bytes.length} bytes of WebAssembly`);
  }
}
