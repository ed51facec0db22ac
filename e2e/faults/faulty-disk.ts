import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** A disk under one program, and what it starts with the same environment: full at will, or cut off from its power. */
export class FaultyDisk {
  /** Environment of the program. */
  readonly env: Record<string, string>;
  readonly #full: string;
  readonly #synced: string;

  /** Builds the library in an empty folder; needs a C compiler. */
  constructor(folder: string) {
    const library = join(folder, 'disk.so');
    const source = resolve('e2e/faults/disk.c');
    execFileSync('cc', ['-shared', '-fPIC', '-O1', '-o', library, source, '-ldl'], { stdio: 'inherit' });
    this.#full = join(folder, 'full');
    this.#synced = join(folder, 'synced');
    // Without io_uring every write is a call that the library sees.
    const uncounted = { UV_USE_IO_URING: '0', LD_PRELOAD: library };
    this.env = { ...uncounted, QLF_DISK_FULL: this.#full, QLF_DISK_SYNCED: this.#synced };
  }

  /** From now on there is no room for files whose paths begin so; for none where the list is empty. */
  fill(...paths: string[]): void {
    if (paths.length === 0) rmSync(this.#full, { force: true });
    else writeFileSync(this.#full, paths.join('\n'));
  }

  /**
   * What a power cut leaves of the files in a folder, after their program was killed: as much of each as was synced last, nothing
   * of those that never were. `elsewhere` lies on another machine's disk. Returns how many lost something.
   */
  cutPower(folder: string, elsewhere: string): number {
    const synced = new Map<string, number>();
    for (const line of existsSync(this.#synced) ? readFileSync(this.#synced, 'utf8').split('\n') : []) {
      const [inode, bytes] = line.split(' ');
      if (inode && bytes !== undefined) synced.set(inode, Number(bytes));
    }
    let cut = 0;
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      if (!entry.isFile() || path.startsWith(elsewhere)) continue;
      const { ino, size } = statSync(path);
      const left = synced.get(String(ino)) ?? 0;
      if (left >= size) continue;
      truncateSync(path, left);
      cut += 1;
    }
    return cut;
  }
}
