/**
 * Compiles src-shared/fits/rice-kernel.as (AssemblyScript) and writes its WebAssembly bytes as a TypeScript module,
 * so that they travel in every bundle. The result is committed; a test compiles again and compares.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const folder = new URL('../src-shared/fits/', import.meta.url);

/** The kernel's bytes. */
export async function compileRiceKernel() {
  const source = readFileSync(new URL('rice-kernel.as', folder), 'utf8');
  let binary;
  const { error, stderr } = await asc.main(
    ['rice-kernel.ts', '-O3', '--runtime', 'stub', '--noAssert', '--initialMemory', '1', '--outFile', 'kernel.wasm'],
    {
      readFile: (name) => (name === 'rice-kernel.ts' ? source : null),
      writeFile: (name, contents) => {
        if (name === 'kernel.wasm') binary = contents;
      },
      listFiles: () => [],
    },
  );
  if (error || !binary) throw new Error(`rice-kernel.as does not compile: ${stderr.toString()}`, { cause: error });
  return new Uint8Array(binary);
}

/** The module's text, formatted as prettier would. */
export function kernelModule(bytes) {
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
  return [
    '/** WebAssembly of rice-kernel.as, made by `npm run build:rice-kernel`; not to be edited. */',
    'export const RICE_KERNEL = new Uint8Array([',
    ...lines,
    ']);',
    '',
  ].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const bytes = await compileRiceKernel();
  writeFileSync(new URL('rice-kernel.ts', folder), kernelModule(bytes));
  console.log(`rice-kernel.ts: ${bytes.length} bytes of WebAssembly`);
}
