import type { HistoryRow } from '#shared/domain/history.ts';
import { nightStart } from '#shared/domain/night.ts';
import type { NightReport } from '#shared/domain/night-report.ts';
import type { Handlers } from '#shared/ipc/contract.ts';
import { QlfError } from '#shared/ipc/result.ts';
import type { AlarmStore } from '../domain/ports/alarm-store.ts';
import type { Documents } from '../domain/ports/documents.ts';
import type { EventSink } from '../domain/ports/event-sink.ts';
import type { HistoryStore } from '../domain/ports/history-store.ts';
import type { NightStore } from '../domain/ports/night-store.ts';
import { nightAlarms } from './night-alarms.ts';
import { nightReport } from './night-report.ts';
import { reportCsv } from './report-csv.ts';
import { reportHtml } from './report-html.ts';
import { needDocuments, saveFile } from './save-file.ts';

/** Exposures read at once; the most that a night has. */
const PAGE = 500;
const MOST = 2000;

function rowsOf(store: HistoryStore, night: string): HistoryRow[] {
  const rows: HistoryRow[] = [];
  for (let offset = 0; offset < MOST; offset += PAGE) {
    const page = store.listHistory({
      view: 'exposures',
      filter: { from: night, to: night },
      sort: { column: 'expid', descending: false },
      limit: PAGE,
      offset,
    });
    rows.push(...page.rows);
    if (page.rows.length < PAGE) break;
  }
  return rows;
}

/** The night report's side of the contract. */
export function reportHandlers(parts: {
  store: HistoryStore & NightStore & Pick<AlarmStore, 'listAlarms'>;
  documents: Documents | null;
  events: EventSink;
  now: () => number;
}): Pick<Handlers, 'report.night' | 'report.save' | 'report.print' | 'report.note' | 'report.lost-time'> {
  const { store, documents, events, now } = parts;
  const reportOf = (night: string): NightReport => {
    if (Number.isNaN(nightStart(night))) throw new QlfError('bad-request', `${night} is no date; a night is YYYYMMDD`);
    return nightReport({
      night,
      now: now(),
      rows: rowsOf(store, night),
      findings: store.nightFindings(night),
      causes: store.nightCauses(night),
      reasons: store.lostReasons(night),
      alarms: nightAlarms(store, night),
      comments: store.nightComments(night),
      note: store.nightNote(night),
    });
  };
  return {
    'report.night': ({ night }) => reportOf(night),
    'report.save': async ({ night, format }) => {
      const desktop = needDocuments(documents);
      const file = await desktop.askWhere({
        extension: format,
        title: `Night report ${night} as ${format.toUpperCase()}`,
        name: `qlf-night-${night}`,
      });
      if (file === null) return { file };
      const report = reportOf(night);
      if (format === 'csv') await saveFile(file, reportCsv(report));
      else if (format === 'html') await saveFile(file, reportHtml(report));
      else await saveFile(file, await desktop.toPdf(reportHtml(report)));
      return { file };
    },
    'report.print': async ({ night }) => ({
      printed: await needDocuments(documents).print(reportHtml(reportOf(night))),
    }),
    'report.lost-time': ({ night, after, cause, words, author }) => {
      const gap = reportOf(night).gaps.find((one) => one.after === after);
      if (!gap)
        throw new QlfError(
          'not-found',
          `no time was lost in night ${night} ${after === null ? 'before its first exposure' : `after exposure ${String(after)}`}: look at the report again`,
        );
      const reason = { cause, words: words.trim(), author: author.trim(), at: now() };
      store.saveLostReason({ night, after, from: gap.from, to: gap.to }, reason);
      events.publish({ type: 'notes', expid: after ?? gap.before ?? 0 });
      return reason;
    },
    'report.note': ({ night, author, text }) => {
      const note = { author: author.trim(), text: text.trim(), at: now() };
      store.saveNightNote(night, note);
      return note;
    },
  };
}
