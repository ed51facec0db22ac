import { expid8 } from '#shared/domain/exposure.ts';
import { LOST_CAUSE_WORDS, reasonOf, reasonWords } from '#shared/domain/lost-time.ts';
import { CAUSE_GROUP_WORDS, type CauseLine, type NightGap, type NightReport } from '#shared/domain/night-report.ts';
import { html, NOTHING, type Markup } from './html.ts';
import { fixed, hours, percent, said, utc } from './report-words.ts';

/** The night in nine numbers. */
export function facts(report: NightReport): Markup {
  const { counts, time, seeing, airmass, sky } = report;
  const fact = (name: string, value: string, more: string): Markup =>
    html`<div>
      <dt>${name}</dt>
      <dd>${value} <small>${more}</small></dd>
    </div>`;
  const spread = (value: NightReport['seeing'], digits: number, unit: string): [string, string] =>
    value
      ? [fixed(value.median, digits), `${fixed(value.low, digits)} to ${fixed(value.high, digits)} ${unit}`]
      : ['\u2013', ''];
  return html`<dl class="facts">
    ${fact('Exposures', String(counts.exposures), `${String(counts.science)} science`)}
    ${fact('Normal', counts.judged > 0 ? String(counts.normal) : '\u2013', `of ${String(counts.judged)} judged`)}
    ${fact('Open shutter', counts.science > 0 ? hours(time.open) : '\u2013', percent(time.open, time.span))}
    ${fact('Time lost', counts.science > 0 ? hours(time.lost) : '\u2013', percent(time.lost, time.span))}
    ${fact('Median seeing', ...spread(seeing, 2, 'arcsec'))} ${fact('Median airmass', ...spread(airmass, 2, ''))}
    ${fact('Superseded', String(counts.superseded), 'not processed')}
    ${fact('Failed, incomplete', String(counts.failed), '')} ${fact('Sky, r', ...spread(sky, 1, 'mag'))}
  </dl>`;
}

const TIME_PARTS = [
  ['open', 'Open shutter on the sky'],
  ['bad', 'of it flagged bad'],
  ['calibration', 'Calibrations'],
  ['overhead', 'Readout, slew, positioning'],
  ['lost', 'Lost, pauses over 5 min'],
] as const;

function lostRow({ from, to, after, before, reasons }: NightGap): Markup {
  const reason = reasonOf(reasons);
  return html`<tr>
    <td class="w">${utc(from)} to ${utc(to)}</td>
    <td class="n w">${hours((to - from) / 1000)}</td>
    <td>
      ${reason ? reasonWords(reason) : 'no reason given'}
      <small
        >${reason ? `${reason.author}, ${utc(reason.at)} UTC; ` : ''}between ${after === null ? 'begin' : expid8(after)}
        and ${before === null ? 'end' : expid8(before)}</small
      >
    </td>
  </tr>`;
}

/** The time lost to each reason, and every stretch of it. */
function lostTables({ time, gaps }: NightReport): Markup {
  if (gaps.length === 0) return NOTHING;
  return html`<h2>Time lost <small>${gaps.length}</small></h2>
    <table>
      ${time.lostTo.map(
        ({ cause, seconds }) =>
          html`<tr>
            <td>${cause === null ? 'No reason given' : LOST_CAUSE_WORDS[cause]}</td>
            <td class="n">${hours(seconds)}</td>
            <td class="n">${percent(seconds, time.span)}</td>
          </tr>`,
      )}
    </table>
    <table class="after">
      <tr>
        <th>UTC</th>
        <th class="n">Lost</th>
        <th>To</th>
      </tr>
      ${gaps.map(lostRow)}
    </table>`;
}

/** Where the time went, and the gaps. */
export function timeTable(report: NightReport): Markup {
  const { time } = report;
  if (time.from === null || time.to === null) return html`<p>No science exposure with a known begin.</p>`;
  const width = (seconds: number): string => `${((100 * seconds) / Math.max(1, time.span)).toFixed(2)}%`;
  const parts = TIME_PARTS.filter(([key]) => key !== 'bad');
  return html`<p>
      ${time.dark ? 'Dark hours (Sun below \u221218\u00b0)' : 'First to last science exposure'}, ${utc(time.from)} to
      ${utc(time.to)} UTC, ${hours(time.span)}
    </p>
    <div class="bar">${parts.map(([key]) => html`<i class="${key}" style="width:${width(time[key])}"></i>`)}</div>
    <table>
      ${TIME_PARTS.map(
        ([key, words]) =>
          html`<tr>
            <td><span class="k ${key}"></span>${words}</td>
            <td class="n">${hours(time[key])}</td>
            <td class="n">${percent(time[key], time.span)}</td>
          </tr>`,
      )}
    </table>
    ${lostTables(report)}`;
}

/** What was taken, by flavor and program. */
export function kindTable({ kinds }: NightReport): Markup {
  return html`<table>
    <tr>
      <th>Flavor, program</th>
      <th class="n">Taken</th>
      <th class="n">Judged</th>
      <th class="n">Normal</th>
      <th class="n">Flagged</th>
      <th class="n">Time, s</th>
    </tr>
    ${kinds.map(
      (kind) =>
        html`<tr>
          <td>${[kind.flavor, kind.program ?? ''].filter((word) => word !== '').join(', ')}</td>
          <td class="n">${kind.taken}</td>
          <td class="n">${kind.judged}</td>
          <td class="n">${kind.normal}</td>
          <td class="n">${kind.flagged}</td>
          <td class="n">${Math.round(kind.exptime)}</td>
        </tr>`,
    )}
  </table>`;
}

/** Cameras and metrics that were off normal. */
export function worstTables({ shared, cameras, metrics, judged }: NightReport): Markup {
  const cause = ({ words, value, group }: CauseLine): Markup =>
    html`<span>${words}${value === '' ? '' : `, ${value}`} <small>${CAUSE_GROUP_WORDS[group]}</small></span>`;
  const often = (off: number): Markup => html`<td class="n w">${off} of ${judged.length}</td>`;
  const sharedRows = shared.map(
    (line) =>
      html`<tr>
        <td>${said(line.status)}</td>
        <td colspan="2">${cause(line)}</td>
        ${often(line.off)}
      </tr>`,
  );
  const cameraRows = cameras.map(
    (line) =>
      html`<tr>
        <td>${said(line.status)}</td>
        <td><b>${line.camera}</b></td>
        <td class="causes">${line.causes.map(cause)}</td>
        ${often(line.off)}
      </tr>`,
  );
  const metricRows = metrics.map(
    (line) =>
      html`<tr>
        <td>${said(line.status)}</td>
        <td>${line.title}</td>
        <td class="n">${line.alarms}</td>
        <td class="n">${line.warnings}</td>
        <td class="n">${line.cameras}</td>
        <td class="n">${line.exposures}</td>
      </tr>`,
  );
  return html`<div class="two worst">
    <section>
      <h2>Worst cameras</h2>
      ${
        cameras.length + shared.length === 0
          ? html`<p>None was off normal.</p>`
          : html`<table>
              <tr>
                <th>Status</th>
                <th>Camera</th>
                <th>What</th>
                <th class="n">Exposures</th>
              </tr>
              ${sharedRows}${cameraRows}
            </table>`
      }
    </section>
    <section>
      <h2>Worst metrics</h2>
      ${
        metrics.length === 0
          ? html`<p>None was off normal.</p>`
          : html`<table>
              <tr>
                <th>Status</th>
                <th>Metric</th>
                <th class="n">Alarms</th>
                <th class="n">Warnings</th>
                <th class="n">Cameras</th>
                <th class="n">Exposures</th>
              </tr>
              ${metricRows}
            </table>`
      }
    </section>
  </div>`;
}
