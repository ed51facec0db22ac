import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CAMERAS, type CameraName } from '#shared/domain/camera.ts';
import type { HistoryRow, Outcome, RunSummary } from '#shared/domain/history.ts';
import type { NightExposure } from '#shared/domain/night-report.ts';
import { darkHours } from '#shared/domain/night.ts';
import { historyCsv, historyJson } from './history-file.ts';
import { escapeHtml, html, Markup } from './html.ts';
import type { NightCause } from './night-causes.ts';
import { nightReport, type NightData } from './night-report.ts';
import { reportCsv } from './report-csv.ts';
import { reportHtml } from './report-html.ts';
import { saveFile } from './save-file.ts';
import { accountTime } from './time-account.ts';

const NIGHT = '20261121';
const { dusk, dawn } = darkHours(NIGHT);
const MINUTE = 60_000;

function row(expid: number, status: Outcome, begin: number, more: Partial<HistoryRow> = {}): HistoryRow {
  const judged = status !== 'superseded' && status !== 'not-expected';
  const run: RunSummary = {
    id: expid + 1000,
    kind: 'qlf',
    state: 'done',
    startedAt: begin,
    endedAt: begin + 50_000,
    status,
    ccd: { status: 'normal', camera: 'b0' },
    fibers: { status: 'normal', camera: 'b0' },
    spectra: { status: 'normal', camera: 'b0' },
    done: 30,
    cameras: 30,
    contradicted: 0,
    finding: status === 'alarm' ? 'r3 Read noise C 4.71 e\u2212' : '',
    worst: status === 'alarm' ? 'r3' : null,
    sky: 21.2,
  };
  return {
    expid,
    night: NIGHT,
    flavor: 'science',
    program: 'dark',
    tileid: 5821,
    mjdObs: begin / 86_400_000 + 40_587,
    dateObs: null,
    ra: null,
    dec: null,
    exptime: 900,
    airmass: 1.2,
    seeing: 1 + expid / 10,
    state: 'processed',
    reason: '',
    status,
    run: judged ? run : null,
    runs: 1,
    flag: null,
    comments: 0,
    comment: '',
    gap: null,
    ...more,
  };
}

function cause(
  expid: number,
  cameras: CameraName[],
  status: Outcome,
  words: string,
  { key = null, value = '' }: { key?: string | null; value?: string } = {},
): NightCause {
  const title = `${cameras.length === 1 ? (cameras[0] ?? '') : `${String(cameras.length)} cameras:`} ${words}`;
  return { expid, runId: expid + 1000, cameras, status, title, words, value, camera: cameras[0]!, key };
}

const data = (more: Partial<NightData> = {}): NightData => ({
  night: NIGHT,
  now: dawn + 3_600_000,
  rows: [
    row(1, 'not-expected', dusk - 60 * MINUTE, { flavor: 'arc', program: 'arc', exptime: 5 }),
    row(2, 'normal', dusk),
    row(3, 'alarm', dusk + 17 * MINUTE, { flag: { flag: 'bad', author: 'Ana', reason: 'noise', at: 1 } }),
    row(4, 'superseded', dusk + 34 * MINUTE),
    row(5, 'missing', dusk + 89 * MINUTE),
  ],
  findings: [
    {
      runId: 1003,
      expid: 3,
      camera: 'r3',
      metric: 'getrms',
      status: 'alarm',
      key: 'NOISE_AMP',
      label: 'C',
      value: 4.71,
    },
    {
      runId: 1003,
      expid: 3,
      camera: 'b7',
      metric: 'snr',
      status: 'warning',
      key: 'FIDSNR_TGT',
      label: 'ELG',
      value: 0.41,
    },
    { runId: 1005, expid: 5, camera: 'b9', metric: '', status: 'missing', key: null, label: '', value: null },
    {
      runId: 1005,
      expid: 5,
      camera: 'r3',
      metric: 'getrms',
      status: 'warning',
      key: 'NOISE_AMP',
      label: 'C',
      value: 4.2,
    },
  ],
  causes: [
    cause(3, ['r3'], 'alarm', 'amplifier C noise high', { key: 'NOISE_AMP', value: '4.71 e\u207b' }),
    cause(3, ['b7'], 'warning', 'ELG S/N low', { key: 'FIDSNR_TGT', value: '0.41' }),
    cause(5, ['b9'], 'missing', 'missing'),
    cause(5, ['r3'], 'warning', 'amplifier C noise high', { key: 'NOISE_AMP', value: '4.2 e\u207b' }),
  ],
  reasons: [],
  alarms: [],
  comments: [],
  note: null,
  ...more,
});

describe('the report of a night', () => {
  it('counts what became of every exposure, by flavor and program too', () => {
    const report = nightReport(data());
    expect(report.counts).toMatchObject({
      ...{ exposures: 5, science: 4, judged: 3, normal: 1, alarm: 1, failed: 1, warning: 0 },
      ...{ superseded: 1, registered: 1, open: 0 },
    });
    expect(report.kinds).toEqual([
      { flavor: 'science', program: 'dark', taken: 4, judged: 3, normal: 1, flagged: 1, exptime: 3600 },
      { flavor: 'arc', program: null, taken: 1, judged: 0, normal: 0, flagged: 0, exptime: 5 },
    ]);
    expect(report.status).toBe('alarm');
    expect(report.headline).toBe('1 of 3 judged exposures normal');
    expect(report.sentence).toContain('Worst camera r3: amplifier C noise high, in 2 exposures.');
    expect(report.seeing).toEqual({ median: 1.35, low: 1.2, high: 1.5, count: 4 });
  });

  it('names the worst cameras with a mark for each judged exposure, and the worst metrics', () => {
    const { judged, shared, cameras, metrics } = nightReport(data());
    expect(shared).toEqual([]);
    expect(cameras[0]?.causes).toEqual([
      {
        ...{ camera: 'r3', group: 'ccd', status: 'alarm', words: 'amplifier C noise high', value: '4.71 e\u207b' },
        ...{ metricKey: 'NOISE_AMP', off: 2, runId: 1003 },
      },
    ]);
    expect(cameras.map(({ causes }) => causes[0]?.group)).toEqual(['ccd', 'camera', 'spectra']);
    expect(judged).toEqual([2, 3, 5]);
    expect(cameras.map(({ camera, status, off, marks }) => [camera, status, off, marks])).toEqual([
      ['r3', 'alarm', 2, [null, 'alarm', 'warning']],
      ['b9', 'missing', 1, [null, null, 'missing']],
      ['b7', 'warning', 1, [null, 'warning', null]],
    ]);
    expect(metrics.map(({ metric, alarms, warnings, cameras: n }) => [metric, alarms, warnings, n])).toEqual([
      ['getrms', 1, 1, 1],
      ['snr', 0, 1, 1],
    ]);
  });

  it('tells once what many cameras share, and ranks them by what is their own', () => {
    const faint = 'targets too faint';
    const causes = [
      cause(2, [...CAMERAS], 'alarm', faint, { key: 'DELTAMAG_TGT', value: 'b4 1.7 mag' }),
      cause(3, [...CAMERAS], 'warning', faint, { key: 'DELTAMAG_TGT' }),
      cause(3, ['z2'], 'warning', 'fibers lost', { key: 'NGOODFIB' }),
      cause(5, ['b9', 'r9', 'z9'], 'alarm', 'fibers lost', { key: 'NGOODFIB' }),
      cause(5, ['b1', 'b2', 'b3', 'b4'], 'failed', 'failed'),
    ];
    const report = nightReport(data({ causes }));
    expect(report.shared.map(({ words, off, runId, status }) => [words, off, runId, status])).toEqual([
      ['30 cameras: targets too faint', 2, 1002, 'alarm'],
    ]);
    expect(report.cameras.map(({ camera, off }) => [camera, off])).toEqual([
      ...(['b9', 'r9', 'z9', 'b1', 'b2', 'b3', 'b4', 'z2'] as const).map((camera) => [camera, 1]),
    ]);
    expect(report.sentence).toContain('30 cameras: targets too faint, in 2 exposures. Worst camera b9: fibers lost');
    expect(reportHtml(report).split('targets too faint').length - 1).toBe(2);
  });

  it('tells why time was lost as somebody said last, and how much has no reason', () => {
    const said = { words: 'dome', author: 'Ana', at: dawn };
    const reasons: NightData['reasons'] = [
      { ...said, after: 5, cause: null, words: '' },
      { ...said, after: 5, cause: 'telescope' },
      { ...said, after: 4, cause: 'weather', words: 'humidity, above 85%', at: dawn + 1 },
      { ...said, after: 4, cause: 'dos' },
    ];
    const report = nightReport(data({ reasons }));
    expect(report.gaps.map((gap) => gap.reasons.map(({ cause: to }) => to))).toEqual([
      ['weather', 'dos'],
      [null, 'telescope'],
    ]);
    expect(report.time.lostTo.map(({ cause: to }) => to)).toEqual(['weather', null]);
    expect(report.time.lostTo.reduce((sum, { seconds }) => sum + seconds, 0)).toBeCloseTo(report.time.lost, 3);
    const page = reportHtml(report);
    expect(page).toContain('Weather: humidity, above 85%');
    expect(page).toContain('no reason given');
    const [head, ...lines] = reportCsv(report).trimEnd().split('\r\n');
    expect(head).toMatch(/^night,what,from,to,seconds,expid,.*,lost_to,reason,reason_author,reason_given$/);
    expect(lines.map((line) => line.split(',')[1])).toEqual([
      ...Array.from({ length: 4 }, () => 'exposure'),
      'lost time',
      'exposure',
      'lost time',
    ]);
    expect(lines[4]).toContain(`,2400,,,,,,,,,,weather,"humidity, above 85%",Ana,${new Date(dawn + 1).toISOString()}`);
    expect(lines[6]).toMatch(/,,,,$/);
  });

  it('tells where the dark hours went, to the second', () => {
    const { time, gaps } = nightReport(data());
    const span = (dawn - dusk) / 1000;
    expect(time).toMatchObject({ from: dusk, to: dawn, dark: true, calibration: 0 });
    expect(time.open).toBe(4 * 900);
    expect(time.bad).toBe(900);
    // Twice two minutes between exposures; then 40 minutes, and all that follows the last.
    expect(time.overhead).toBe(2 * 120);
    expect(time.lost).toBeCloseTo(span - 3600 - 240, 3);
    expect(time.open + time.overhead + time.lost + time.calibration).toBeCloseTo(span, 3);
    expect(gaps.map(({ from, to, after, before }) => [(to - from) / MINUTE, after, before])).toEqual([
      [40, 4, 5],
      [(dawn - dusk) / MINUTE - 104, 5, null],
    ]);
  });

  it('calls nothing good that was not judged', () => {
    expect(nightReport(data({ rows: [], findings: [] })).headline).toBe('No exposures');
    const taken = nightReport(data({ rows: [row(4, 'superseded', dusk)], findings: [] }));
    expect(taken).toMatchObject({ status: 'waiting', headline: '1 exposure, none judged' });
    const good = nightReport(data({ rows: [row(2, 'normal', dusk)], findings: [] }));
    expect(good).toMatchObject({ status: 'normal', headline: 'All 1 judged exposure normal' });
  });
});

describe('accounting of time', () => {
  const exposure = (from: number, to: number): NightExposure => ({
    ...{ expid: from, runId: null, from, to, flavor: 'science', program: 'dark', status: 'normal', finding: '' },
    ...{ flag: null, exptime: (to - from) / 1000, seeing: null, airmass: null, sky: null },
  });

  it('goes from the first to the last science exposure where none is in the dark', () => {
    const dark = { from: 1e9, to: 2e9 };
    const { time, gaps } = accountTime([exposure(0, 900_000), exposure(1_000_000, 1_900_000)], dark, 5e9);
    expect(time).toMatchObject({ dark: false, span: 1900, open: 1800, overhead: 100, lost: 0 });
    expect(gaps).toEqual([]);
  });

  it('ends now while the night is under way, and needs no science exposure', () => {
    const dark = { from: 0, to: 36_000_000 };
    expect(accountTime([exposure(0, 900_000)], dark, 1_000_000).time).toMatchObject({ span: 1000, overhead: 100 });
    expect(accountTime([], dark, 1_000_000).time).toMatchObject({ span: 0, from: null });
  });
});

describe('the page', () => {
  const ATTACK = `</td><script>alert("1")</script>'&`;

  it('escapes whatever people and telescopes wrote', () => {
    const comment = { id: 1, expid: 2, camera: null, fiber: null, author: ATTACK, text: ATTACK, createdAt: dusk };
    const kept = { editedAt: null, editedBy: null, deletedAt: null, deletedBy: null, versions: [] };
    const page = reportHtml(
      nightReport(
        data({
          comments: [{ ...comment, ...kept }],
          note: { author: ATTACK, text: ATTACK, at: dusk },
          alarms: [{ at: dusk, severity: 'alarm', what: ATTACK, state: ATTACK, acknowledged: false }],
          rows: [
            row(2, 'normal', dusk, {
              program: ATTACK,
              flag: { flag: 'bad', author: ATTACK, reason: ATTACK, at: dusk },
              run: { ...row(2, 'normal', dusk).run!, finding: ATTACK },
            }),
          ],
        }),
      ),
    );
    expect(page).not.toContain('<script');
    expect(page.split('&lt;script&gt;alert(&quot;1&quot;)').length - 1).toBeGreaterThanOrEqual(9);
    expect(page).not.toMatch(/\s(src|href|onload|onerror)=/);
    expect(page).not.toContain('url(http');
    expect(page.startsWith('<!doctype html>')).toBe(true);
  });

  it('puts only markup in as markup', () => {
    expect(html`<b title="${'"x"'}">${'<'}${new Markup('<i></i>')}${[html`${1}`, html`${2}`]}</b>`.text).toBe(
      '<b title="&quot;x&quot;">&lt;<i></i>12</b>',
    );
    expect(escapeHtml(`a & b's`)).toBe('a &amp; b&#39;s');
  });
});

describe('the table as a file', () => {
  async function* pages(): AsyncGenerator<HistoryRow[]> {
    yield [row(2, 'normal', dusk, { comment: 'thin "cloud",\nfrom the west' })];
    yield [row(3, 'alarm', dusk, { comment: '=cmd()', program: null })];
  }
  const all = async (lines: AsyncIterable<string>): Promise<string> => {
    let text = '';
    for await (const line of lines) text += line;
    return text;
  };

  it('quotes as RFC 4180 and hands no formula to a spreadsheet', async () => {
    const text = await all(historyCsv(pages()));
    expect(text.split('\r\n')).toHaveLength(4);
    expect(text).toContain('"thin ""cloud"",\nfrom the west"');
    expect(text).toContain(`,'=cmd()\r\n`);
    expect(text.split('\r\n')[0]).toMatch(/^expid,night,status,/);
  });

  it('is JSON that can be read back, empty too', async () => {
    const rows = JSON.parse(await all(historyJson(pages()))) as Record<string, unknown>[];
    expect(rows.map(({ expid, status, program }) => [expid, status, program])).toEqual([
      [2, 'normal', 'dark'],
      [3, 'alarm', null],
    ]);
    async function* none(): AsyncGenerator<HistoryRow[]> {
      /* nothing */
    }
    expect(JSON.parse(await all(historyJson(none())))).toEqual([]);
  });

  it('is there complete, or what was there before stays', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'qlf-save-'));
    try {
      const file = join(folder, 'a.csv');
      await saveFile(file, 'first');
      async function* broken(): AsyncGenerator<string> {
        yield 'half';
        throw new Error('the disk is full');
      }
      await expect(saveFile(file, broken())).rejects.toThrow(/a\.csv could not be saved: the disk is full/);
      expect(readFileSync(file, 'utf8')).toBe('first');
      await expect(saveFile(join(folder, 'none', 'b.csv'), 'x')).rejects.toThrow(/b\.csv could not be saved/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
