import { expid8 } from '#shared/domain/exposure.ts';
import type { CauseLine, NightReport } from '#shared/domain/night-report.ts';

const hours = (seconds: number): string =>
  `${Math.floor(Math.round(seconds / 60) / 60)} h ${String(Math.round(seconds / 60) % 60).padStart(2, '0')}`;
const utc = (at: number | null): string => (at === null ? '  —  ' : new Date(at).toISOString().slice(11, 16));
const heading = (text: string): string[] => ['', text, '-'.repeat(text.length)];

function cause({ camera, words, value, status, off }: CauseLine): string {
  return `${camera}: ${words}${value === '' ? '' : `, ${value}`} (${status}, ${off} exposures)`;
}

/** The night's report for a terminal or a mail: the headline, the counts, what was wrong, and where the time went. */
export function reportText(report: NightReport): string {
  const { counts, time } = report;
  const lines = [
    `Night ${report.night}: ${report.headline}`,
    report.sentence,
    '',
    `${counts.exposures} exposures, ${counts.science} of science; ${counts.judged} judged: ${counts.normal} normal, ` +
      `${counts.warning} warning, ${counts.alarm} alarm, ${counts.failed} failed, ${counts.unknown} unknown`,
    `${counts.superseded} passed over, ${counts.open} open, ${counts.registered} not for processing`,
    `open on the sky ${hours(time.open)}, calibration ${hours(time.calibration)}, overhead ${hours(time.overhead)}, lost ${hours(time.lost)}`,
  ];
  if (report.shared.length > 0) lines.push(...heading('Many cameras at once'), ...report.shared.map(cause));
  const own = report.cameras.flatMap(({ causes }) => causes.map(cause));
  if (own.length > 0) lines.push(...heading('Cameras'), ...own);
  if (report.alarms.length > 0)
    lines.push(
      ...heading('Alarms'),
      ...report.alarms.map(({ at, severity, what, state }) => `${utc(at)} ${severity}: ${what} (${state})`),
    );
  if (report.exposures.length > 0)
    lines.push(
      ...heading('Exposures (UTC)'),
      ...report.exposures.map(({ expid, from, flavor, program, exptime, status, finding, flag }) =>
        [
          ...[utc(from), expid8(expid), flavor, program ?? '', exptime === null ? '' : `${exptime} s`, status],
          ...[finding === '' ? '' : `– ${finding}`, flag === null ? '' : `[${flag}]`],
        ]
          .filter(Boolean)
          .join(' '),
      ),
    );
  if (report.comments.length > 0)
    lines.push(
      ...heading('Comments'),
      ...report.comments.map(({ expid, author, text }) => `${expid8(expid)} ${author}: ${text}`),
    );
  if (report.note) lines.push(...heading('Note for the day crew'), `${report.note.author}: ${report.note.text}`);
  return `${lines.join('\n')}\n`;
}
