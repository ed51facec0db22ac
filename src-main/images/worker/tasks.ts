import { statisticsOf } from '#shared/fits/image-statistics.ts';
import { columnAt, rowAt, valueAt } from './decoded-image.ts';
import { FitsSources, hduAt } from './fits-source.ts';
import { ImageStore } from './image-store.ts';
import type { TaskName, Tasks } from './protocol.ts';
import { tileOf } from './reduce.ts';
import { describeCard, describeHdu, tablePage } from './tables.ts';
import { TaskError } from './task-error.ts';
import { findTraces } from './traces.ts';

/** Everything that the worker does, by name. */
export type TaskHandlers = { [T in TaskName]: (request: Tasks[T]['request']) => Promise<Tasks[T]['answer']> };

/** @param cacheBytes for decoded pixels */
export function createTasks(cacheBytes: number): TaskHandlers {
  const sources = new FitsSources();
  const images = new ImageStore(sources, cacheBytes);
  return {
    open: ({ path, choice, plane }) => images.open(path, choice, plane),
    tile: async ({ image, level, column, row, reduction }) => {
      const tile = tileOf(await images.level(image, level, reduction), column, row);
      if (!tile) throw new TaskError('not-found', `the image has no tile ${column}, ${row} at level ${level}`);
      return tile;
    },
    statistics: async ({ image }) => statisticsOf((await images.image(image)).samples),
    value: async ({ image, x, y }) => ({ value: valueAt(await images.image(image), x, y) }),
    profiles: async ({ image, x, y }) => {
      const decoded = await images.image(image);
      if (x >= decoded.nx || y >= decoded.ny) throw new TaskError('not-found', `the image has no pixel ${x}, ${y}`);
      return { row: bufferOf(rowAt(decoded, y)), column: bufferOf(columnAt(decoded, x)) };
    },
    traces: (wanted) => findTraces(sources, wanted),
    describe: ({ path }) =>
      sources.withFits(path, ({ source, walk }) => ({
        bytes: source.size,
        hdus: walk.hdus.map(describeHdu),
        trailing: walk.trailing,
      })),
    cards: ({ path, hdu, offset, limit }) =>
      sources.withFits(path, (fits) => {
        const { cards } = hduAt(fits, hdu).header;
        return { total: cards.length, cards: cards.slice(offset, offset + limit).map(describeCard) };
      }),
    table: ({ path, hdu, ...request }) =>
      sources.withFits(path, (fits) => tablePage(fits.source, hduAt(fits, hdu), request)),
    bytes: ({ path, offset, length }) =>
      sources.withBytes(path, async (source) => {
        const from = Math.min(offset, source.size);
        const bytes = await source.read(from, Math.min(length, source.size - from));
        // A copy of its own: what is expanded stays in memory here.
        return { data: bufferOf(bytes.slice()) };
      }),
  };
}

function bufferOf(array: Float64Array | Uint8Array): ArrayBuffer {
  return array.buffer as ArrayBuffer;
}
