import type { CameraName } from '#shared/domain/camera.ts';
import type { HistoryFilter, HistoryRow, NightSummary, Outcome } from '#shared/domain/history.ts';
import type { CameraLine, CauseGroup, CauseLine, NightReport } from '#shared/domain/night-report.ts';
import { darkHours, nightAfter } from '#shared/domain/night.ts';
import type { Comment, Notes } from '#shared/domain/notes.ts';
import { seeded } from './scenario.ts';

const LAST = '20261121';
const NEWEST = 298_417;
const NIGHTS = 340;
const A_NIGHT = 58;

const FINDINGS: Partial<Record<Outcome, string>> = {
  alarm: 'r3 Read noise C 4.71 e\u2212',
  warning: 'b7 Signal to noise ELG 0.41',
  failed: 'z5 failed',
  missing: 'b9 missing',
};

function outcome(random: number): Outcome {
  if (random < 0.04) return 'alarm';
  if (random < 0.14) return 'warning';
  if (random < 0.17) return 'failed';
  return random < 0.18 ? 'missing' : 'normal';
}

/** A night: calibrations, then science with a pause for the weather. */
function row(index: number): HistoryRow {
  const random = seeded(index + 5);
  const expid = NEWEST - index;
  const night = nightAfter(LAST, -Math.floor(index / A_NIGHT));
  const place = A_NIGHT - 1 - (index % A_NIGHT);
  const science = place > 21;
  const { dusk } = darkHours(night);
  const begin = science
    ? dusk + (place - 22) * 17.2 * 60_000 + (place > 44 ? 38 * 60_000 : 0)
    : dusk - (22 - place) * 150_000;
  const superseded = science && place % 17 === 5;
  const now = index === 0;
  const status: Outcome = now ? 'running' : superseded ? 'superseded' : science ? outcome(random()) : 'not-expected';
  const judged = science && !superseded;
  const bad = status === 'alarm' ? 'alarm' : status;
  const group = (wanted: boolean): { status: Outcome; camera: 'b0' | 'r3' } =>
    wanted && bad !== 'normal' && bad !== 'running'
      ? { status: bad, camera: 'r3' as const }
      : { status: 'normal' as const, camera: 'b0' as const };
  return {
    expid,
    night,
    flavor: science ? 'science' : place % 3 === 0 ? 'arc' : 'flat',
    program: science ? (place < 45 ? 'dark' : 'bright') : place % 3 === 0 ? 'arc' : 'flat',
    tileid: science ? 5821 - Math.floor(place / 4) : null,
    mjdObs: begin / 86_400_000 + 40_587,
    dateObs: new Date(begin).toISOString().slice(0, -1),
    ra: 129.61,
    dec: -2.4,
    exptime: science ? (place < 45 ? 900.1 : 420) : 5,
    airmass: science ? 1.05 + 0.3 * random() : null,
    seeing: science ? 0.85 + 0.4 * random() : null,
    state: now ? 'processing' : superseded ? 'superseded' : science ? 'processed' : 'registered',
    reason: superseded ? `passed over for ${expid + 1}` : science ? '' : 'flavor is not processed',
    status,
    run: judged
      ? {
          id: 7000 - index,
          kind: 'qlf',
          state: now ? 'running' : 'done',
          startedAt: begin + 930_000,
          endedAt: now ? null : begin + 930_000 + 50_000 + 12_000 * random(),
          status,
          ccd: group(index % 3 === 0),
          fibers: group(false),
          spectra: group(index % 3 !== 0),
          done: status === 'failed' ? 29 : 30,
          cameras: 30,
          contradicted: 0,
          finding: FINDINGS[status] ?? '',
          worst: status === 'normal' || now ? null : 'r3',
          sky: 21.1 + 0.3 * random(),
        }
      : null,
    runs: judged ? 1 : 0,
    flag:
      index === 5
        ? { flag: 'questionable', author: 'Lead observer', reason: 'thin cloud', at: begin }
        : index === 9
          ? { flag: 'bad', author: 'Support astronomer', reason: 'sky jump in all z', at: begin }
          : null,
    comments: index % 5 === 0 ? 1 + (index % 3) : 0,
    comment: index % 5 === 0 ? 'Thin cloud from the west. S/N low in b.' : '',
    gap: place === 0 ? null : place === 45 ? 38 * 60 + 130 : 132,
  };
}

const TOTAL = NIGHTS * A_NIGHT;

function matches(one: HistoryRow, filter: HistoryFilter): boolean {
  return (
    (filter.from === undefined || one.night >= filter.from) &&
    (filter.to === undefined || one.night <= filter.to) &&
    (filter.flavors?.includes(one.flavor) ?? true) &&
    (filter.outcomes?.includes(one.status) ?? true) &&
    (filter.expidFrom === undefined || one.expid >= filter.expidFrom) &&
    (filter.expidTo === undefined || one.expid <= filter.expidTo)
  );
}

/** Thousands of exposures as the engine would list them, newest first whatever the order asked for. */
export function historyAnswer(filter: HistoryFilter, limit: number, offset: number) {
  if (Object.keys(filter).length === 0) {
    const count = Math.max(0, Math.min(limit, TOTAL - offset));
    return { total: TOTAL, rows: Array.from({ length: count }, (_, i) => row(offset + i)) };
  }
  const rows = Array.from({ length: 3 * A_NIGHT }, (_, i) => row(i)).filter((one) => matches(one, filter));
  return { total: rows.length, rows: rows.slice(offset, offset + limit) };
}

export function nightsAnswer(from: string, to: string): NightSummary[] {
  const nights: NightSummary[] = [];
  for (let i = NIGHTS; i >= 0; i -= 1) {
    const night = nightAfter(LAST, -i);
    const random = seeded(i * 13 + 7);
    const weather = random() < 0.16 || (night > '20260615' && night < '20260801');
    if (night < from || night > to || weather) continue;
    const judged = random() < 0.1 ? 0 : 24;
    const alarm = judged > 0 && random() < 0.07 ? 1 : 0;
    const warning = judged > 0 && random() < 0.15 ? 4 : Math.floor(2 * random());
    const failed = judged > 0 && random() < 0.03 ? 1 : 0;
    const counts = { exposures: A_NIGHT, science: 27, superseded: 2, exptime: 18_720 };
    nights.push({ night, ...counts, judged, alarm, warning, failed, normal: judged - alarm - warning - failed });
  }
  return nights;
}

const said = (id: number, text: string, more: Partial<Comment> = {}): Comment => ({
  id,
  expid: NEWEST,
  camera: null,
  fiber: null,
  author: 'Lead observer',
  text,
  createdAt: Date.UTC(2026, 10, 22, 8, 5) + id * 600_000,
  editedAt: null,
  editedBy: null,
  deletedAt: null,
  deletedBy: null,
  versions: [],
  ...more,
});
const COMMENTS: readonly Comment[] = [
  said(1, 'Low since the start of the night, with its neighbours. Petals 6 and 7, see the map.', {
    author: 'Support astronomer',
    fiber: 3294,
  }),
  said(2, 'Thin cloud from the west. S/N low in b, will repeat the tile if effective time stays under 800 s.'),
  said(3, 'Amplifier C again. Zero after this one, then decide.', {
    camera: 'r3',
    editedAt: Date.UTC(2026, 10, 22, 8, 44),
    editedBy: 'Lead observer',
    versions: [{ text: 'Amplifier C again.', author: 'Lead observer', until: Date.UTC(2026, 10, 22, 8, 44) }],
  }),
];

export function notesAnswer(expid: number): Notes {
  if (expid % 5 !== NEWEST % 5) return { comments: [], flags: [] };
  const flag = { flag: 'questionable' as const, author: 'Lead observer', reason: 'thin cloud', at: Date.now() };
  return { comments: COMMENTS.map((comment) => ({ ...comment, expid })), flags: expid === NEWEST ? [] : [flag] };
}

export function reportAnswer(night: string): NightReport {
  const rows = Array.from({ length: A_NIGHT }, (_, i) => row(i)).reverse();
  const { dusk, dawn } = darkHours(LAST);
  const judged = rows.filter(({ run }) => run !== null).map(({ expid }) => expid);
  const count = (...outcomes: Outcome[]): number => rows.filter(({ status }) => outcomes.includes(status)).length;
  const counts: NightReport['counts'] = {
    exposures: rows.length,
    science: 36,
    judged: judged.length - 1,
    normal: count('normal'),
    warning: count('warning'),
    alarm: count('alarm'),
    failed: count('failed', 'missing'),
    unknown: 0,
    superseded: count('superseded'),
    open: 1,
    registered: count('not-expected'),
  };
  const cause = (camera: CameraName, status: Outcome, group: CauseGroup, words: string, value: string): CauseLine => ({
    ...{ camera, status, group, words, value },
    ...{ metricKey: null, off: 2, runId: 7000 },
  });
  const camera = (name: CameraName, every: number, ...causes: readonly CauseLine[]): CameraLine => {
    const status = causes[0]?.status ?? 'unknown';
    const marks = judged.map((_, i): Outcome | null => (i % every === every - 1 ? status : null));
    const off = marks.filter((mark) => mark !== null).length;
    return { camera: name, status, causes: [...causes], off, marks };
  };
  const metric = (name: string, title: string, status: Outcome, alarms: number, warnings: number) => ({
    ...{ metric: name, title, status, alarms, warnings },
    cameras: 1 + warnings,
    exposures: alarms + warnings,
  });
  return {
    night,
    madeAt: Date.now(),
    underWay: night === LAST,
    dusk,
    dawn,
    status: 'alarm',
    headline: `${String(counts.normal)} of ${String(counts.judged)} judged exposures normal`,
    sentence:
      '1 with an alarm, 4 with a warning, 2 superseded. All cameras: targets too faint, in 2 exposures. Worst camera r3: amplifier C noise high, in 2 exposures.',
    counts,
    kinds: [
      { flavor: 'science', program: 'dark', taken: 23, judged: 21, normal: 18, flagged: 1, exptime: 20_702 },
      { flavor: 'science', program: 'bright', taken: 13, judged: 12, normal: 10, flagged: 1, exptime: 5460 },
      { flavor: 'flat', program: null, taken: 14, judged: 0, normal: 0, flagged: 0, exptime: 70 },
      { flavor: 'arc', program: null, taken: 8, judged: 0, normal: 0, flagged: 0, exptime: 40 },
    ],
    exposures: rows.map((one) => {
      const from = ((one.mjdObs ?? 0) - 40_587) * 86_400_000;
      return {
        ...{
          expid: one.expid,
          runId: one.run?.id ?? null,
          from,
          to: from + (one.exptime ?? 0) * 1000,
          flavor: one.flavor,
        },
        ...{ program: one.program, status: one.status, finding: one.run?.finding ?? one.reason },
        ...{ flag: one.flag?.flag ?? null, exptime: one.exptime, seeing: one.seeing, airmass: one.airmass },
        sky: one.run?.sky ?? null,
      };
    }),
    gaps: [
      {
        from: dusk + 22.2 * 17.2 * 60_000,
        to: dusk + 22.2 * 17.2 * 60_000 + 38 * 60_000,
        after: NEWEST - 13,
        before: NEWEST - 12,
        reasons: [
          { cause: 'weather', words: 'humidity above 85%', author: 'Lead observer', at: dusk + 2.4e7 },
          { cause: 'telescope', words: 'dome', author: 'Lead observer', at: dusk + 2.3e7 },
        ],
      },
      {
        from: dawn - 110 * 60_000,
        to: dawn,
        after: NEWEST,
        before: null,
        reasons: [],
      },
    ],
    time: {
      ...{ from: dusk, to: dawn, dark: true, span: 40_200, open: 26_100, bad: 420 },
      ...{ calibration: 0, overhead: 5200, lost: 8900 },
      lostTo: [
        { cause: 'weather', seconds: 2280 },
        { cause: null, seconds: 6600 },
      ],
    },
    seeing: { median: 1.05, low: 0.86, high: 1.24, count: 36 },
    airmass: { median: 1.2, low: 1.05, high: 1.35, count: 36 },
    sky: { median: 21.2, low: 21.1, high: 21.4, count: 33 },
    judged,
    shared: [cause('b4', 'warning', 'spectra', 'All cameras: targets too faint', 'b4 1.71 mag')],
    cameras: [
      camera(
        'r3',
        17,
        cause('r3', 'alarm', 'ccd', 'amplifier C noise high', '4.71 e\u207b'),
        cause('r3', 'warning', 'fibers', 'fibers lost', '496'),
      ),
      camera('z5', 16, cause('z5', 'failed', 'camera', 'failed', '')),
      camera('b7', 9, cause('b7', 'warning', 'spectra', 'ELG S/N low', '0.41')),
      camera('z1', 12, cause('z1', 'warning', 'fibers', 'fibers lost', '496')),
    ],
    metrics: [
      metric('getrms', 'Read noise', 'alarm', 2, 0),
      metric('snr', 'Signal to noise', 'warning', 0, 4),
      metric('countbins', 'Good fibers', 'warning', 0, 3),
    ],
    alarms: [
      { at: dusk + 9e6, severity: 'alarm', what: 'r3 amplifier C noise', state: 'open', acknowledged: false },
      { at: dusk + 5e6, severity: 'failed', what: 'z5 failed in extract', state: 'Lead observer', acknowledged: true },
    ],
    comments: [...COMMENTS],
    flags: rows.flatMap(({ expid, flag }) => (flag ? [{ expid, ...flag }] : [])),
    note: {
      author: 'Lead observer',
      text: 'r3 amplifier C: please look at the bias of the afternoon.',
      at: dusk + 1e7,
    },
  };
}
