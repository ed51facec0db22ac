import type { NightReport } from '#shared/domain/night-report.ts';
import { html, Markup } from './html.ts';
import { alarmTable, exposureTable, peopleSaid } from './report-events.ts';
import { facts, kindTable, timeTable, worstTables } from './report-numbers.ts';
import { REPORT_STYLE } from './report-style.ts';
import { timelineSvg } from './report-timeline.ts';
import { glyph, local, utc } from './report-words.ts';

/** The report as one page of its own: no script, nothing from outside, every text escaped. */
export function reportHtml(report: NightReport): string {
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <title>Night report ${report.night}</title>
        <style>
          ${new Markup(REPORT_STYLE)}
        </style>
      </head>
      <body>
        <header>
          <div>
            <p>DESI Quick Look, night ${report.night}${report.underWay ? ', so far' : ''}</p>
            <h1>${glyph(report.status)} ${report.headline}</h1>
            <p>${report.sentence}</p>
          </div>
          <p>
            18° twilight ${utc(report.dusk)} to ${utc(report.dawn)} UTC<br />${local(report.dusk)} to
            ${local(report.dawn)} MST
          </p>
        </header>
        ${facts(report)}
        <h2>Timeline <small>UTC, local is 7 hours earlier</small></h2>
        ${timelineSvg(report)}
        <div class="two">
          <section>
            <h2>Where the time went</h2>
            ${timeTable(report)}
          </section>
          <section>
            <h2>By flavor and program</h2>
            ${kindTable(report)}
          </section>
        </div>
        ${worstTables(report)}
        <h2>Alarms <small>${report.alarms.length}</small></h2>
        ${alarmTable(report)} ${peopleSaid(report)} ${exposureTable(report)}
        <footer>
          Made by QLF ${new Date(report.madeAt).toISOString().slice(0, 16).replace('T', ' ')} UTC. A night is named
          after its local evening and lasts from noon to noon (MST).
        </footer>
      </body>
    </html>`;
  return page.text;
}
