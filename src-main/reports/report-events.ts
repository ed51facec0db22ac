import { expid8 } from '#shared/domain/exposure.ts';
import type { NightReport } from '#shared/domain/night-report.ts';
import { html, NOTHING, type Markup } from './html.ts';
import { fixed, said, utc } from './report-words.ts';

/** Alarms of the night. */
export function alarmTable({ alarms }: NightReport): Markup {
  if (alarms.length === 0) return html`<p>No alarm in this night.</p>`;
  return html`<table>
    <tr>
      <th>UTC</th>
      <th>Severity</th>
      <th>What</th>
      <th>State</th>
    </tr>
    ${alarms.map(
      (alarm) =>
        html`<tr>
          <td>${utc(alarm.at)}</td>
          <td>${said(alarm.severity)}</td>
          <td>${alarm.what}</td>
          <td>${alarm.state}</td>
        </tr>`,
    )}
  </table>`;
}

/** The note for the day crew, comments and flags. */
export function peopleSaid({ comments, flags, note }: NightReport): Markup {
  const place = ({ camera, fiber }: NightReport['comments'][number]): string =>
    fiber !== null ? `fiber ${String(fiber)}` : (camera ?? '');
  return html`${
      note && note.text !== ''
        ? html`<h2>For the day crew <small>${note.author}, ${utc(note.at)} UTC</small></h2>
            <p class="note">${note.text}</p>`
        : NOTHING
    }
    <h2>Comments <small>${comments.length}</small></h2>
    ${
      comments.length === 0
        ? html`<p>None.</p>`
        : html`<table>
            <tr>
              <th>UTC</th>
              <th>Exposure</th>
              <th>Author</th>
              <th>Comment</th>
            </tr>
            ${comments.map(
              (comment) =>
                html`<tr>
                  <td class="w">${utc(comment.createdAt)}</td>
                  <td class="w">${expid8(comment.expid)} <small>${place(comment)}</small></td>
                  <td>${comment.author}</td>
                  <td>${comment.text}${comment.editedAt === null ? '' : ' (edited)'}</td>
                </tr>`,
            )}
          </table>`
    }
    <h2>Flags <small>${flags.length}</small></h2>
    ${
      flags.length === 0
        ? html`<p>No exposure was flagged.</p>`
        : html`<table>
            <tr>
              <th>Exposure</th>
              <th>Flag</th>
              <th>By</th>
              <th>Why</th>
            </tr>
            ${flags.map(
              (entry) =>
                html`<tr>
                  <td>${expid8(entry.expid)}</td>
                  <td>${entry.flag ?? ''}</td>
                  <td>${entry.author}, ${utc(entry.at)} UTC</td>
                  <td>${entry.reason}</td>
                </tr>`,
            )}
          </table>`
    }`;
}

/** Every exposure of the night. */
export function exposureTable({ exposures }: NightReport): Markup {
  return html`<h2 class="page">Exposures</h2>
    <table>
      <tr>
        <th>UTC</th>
        <th>Exposure</th>
        <th>Status</th>
        <th>Flavor, program</th>
        <th class="n">Time, s</th>
        <th class="n">Airmass</th>
        <th class="n">Seeing</th>
        <th class="n">Sky r</th>
        <th>Worst finding</th>
        <th>Flag</th>
      </tr>
      ${exposures.map(
        (one) =>
          html`<tr>
            <td>${utc(one.from)}</td>
            <td>${expid8(one.expid)}</td>
            <td>${said(one.status)}</td>
            <td>
              ${[one.flavor, one.program ?? ''].filter((word) => word !== '' && word !== one.flavor).join(' ') || one.flavor}
            </td>
            <td class="n">${fixed(one.exptime, 0)}</td>
            <td class="n">${fixed(one.airmass, 2)}</td>
            <td class="n">${fixed(one.seeing, 2)}</td>
            <td class="n">${fixed(one.sky, 1)}</td>
            <td>${one.finding}</td>
            <td>${one.flag ?? ''}</td>
          </tr>`,
      )}
    </table>`;
}
