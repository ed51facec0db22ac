import { setImmediate as pause } from 'node:timers/promises';
import type { HistoryRow } from '#shared/domain/history.ts';
import type { Handlers, Request } from '#shared/ipc/contract.ts';
import type { Documents } from '../domain/ports/documents.ts';
import type { HistoryStore } from '../domain/ports/history-store.ts';
import { historyCsv, historyJson } from './history-file.ts';
import { needDocuments, saveFile } from './save-file.ts';

/** Rows read at once for a file; between two pages the engine does its other work. */
const PAGE = 500;

async function* pages(
  store: HistoryStore,
  { view, filter, sort }: Request<'history.export'>,
  counted: (rows: number) => void,
): AsyncGenerator<HistoryRow[]> {
  for (let offset = 0; ; offset += PAGE) {
    const { rows } = store.listHistory({ view, filter, sort, limit: PAGE, offset });
    counted(rows.length);
    if (rows.length > 0) yield rows;
    if (rows.length < PAGE) return;
    await pause();
  }
}

/** The history's side of the contract. */
export function historyHandlers(parts: {
  store: HistoryStore;
  documents: Documents | null;
}): Pick<Handlers, 'history.list' | 'history.nights' | 'history.choices' | 'history.export'> {
  const { store, documents } = parts;
  return {
    'history.list': (query) => store.listHistory(query),
    'history.nights': (range) => store.listNights(range),
    'history.choices': () => store.historyChoices(),
    'history.export': async (request) => {
      const { from, to } = request.filter;
      const when = [...new Set([from, to])].filter((night) => night !== undefined).join('-');
      const file = await needDocuments(documents).askWhere({
        extension: request.format,
        title: `History as ${request.format.toUpperCase()}`,
        name: ['qlf-history', when].filter((word) => word !== '').join('-'),
      });
      if (file === null) return { file, rows: 0 };
      let rows = 0;
      const all = pages(store, request, (more) => (rows += more));
      await saveFile(file, request.format === 'csv' ? historyCsv(all) : historyJson(all));
      return { file, rows };
    },
  };
}
