import { lstat, opendir } from 'node:fs/promises';
import { join } from 'node:path';

/** What lies below a folder. */
export interface FolderSize {
  bytes: number;
  files: number;
  /** False where it was left off: there is more than was counted. */
  complete: boolean;
}

/** Sums what lies below a folder, links not followed; an absent one is empty. Ends after `most` entries. */
export async function folderSize(folder: string, most: number, signal?: AbortSignal): Promise<FolderSize> {
  const size: FolderSize = { bytes: 0, files: 0, complete: true };
  const waiting = [folder];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const entries = await opendir(path).catch(() => null);
    if (!entries) continue;
    for await (const entry of entries) {
      if (signal?.aborted || size.files >= most) {
        size.complete = false;
        return size;
      }
      const own = join(path, entry.name);
      if (entry.isDirectory()) waiting.push(own);
      else {
        size.files += 1;
        size.bytes += await lstat(own).then(
          (about) => about.size,
          () => 0,
        );
      }
    }
  }
  return size;
}
