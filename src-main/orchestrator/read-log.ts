import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** One page of a text file's lines; an absent file has none. `total` counts all lines there are now. */
export async function readLines(
  file: string,
  page: { limit: number; offset: number },
): Promise<{ total: number; offset: number; lines: string[] }> {
  const lines: string[] = [];
  let total = 0;
  const stream = createReadStream(file);
  try {
    for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) {
      if (total >= page.offset && lines.length < page.limit) lines.push(line);
      total += 1;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  } finally {
    stream.destroy();
  }
  return { total, offset: page.offset, lines };
}
