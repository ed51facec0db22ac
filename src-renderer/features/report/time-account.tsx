import { useState } from 'react';
import { LOST_CAUSE_WORDS } from '#shared/domain/lost-time.ts';
import type { NightGap, NightReport } from '#shared/domain/night-report.ts';
import { utcTime } from '../../model/format.ts';
import { formatHours } from '../../model/format-night.ts';
import { Panel } from '../../ui/panel.tsx';
import { VirtualList } from '../../ui/virtual-list.tsx';
import { LostTime } from './lost-time.tsx';

const PARTS = [
  ['open', 'Open shutter on the sky'],
  ['calibration', 'Calibrations'],
  ['overhead', 'Readout, slew, positioning'],
  ['lost', 'Lost, pauses over 5 min'],
] as const;

const short = (ms: number): string => utcTime(ms).slice(0, 5);

type Item = { kind: 'parts' | 'lost' | 'kinds' } | { kind: 'gap'; gap: NightGap };

const percentOf = (seconds: number, span: number): string =>
  span > 0 ? `${String(Math.round((100 * seconds) / span))}%` : '';

function Parts({ time }: NightReport) {
  const percent = (seconds: number): string => percentOf(seconds, time.span);
  return (
    <>
      <div className="night-bar" aria-hidden="true">
        {PARTS.map(([key]) => (
          <i key={key} className={key} style={{ flexGrow: time[key] }} />
        ))}
      </div>
      <ul className="time-parts">
        {PARTS.map(([key, words]) => (
          <li key={key}>
            <i className={key} />
            <span>{words}</span>
            <b>{formatHours(time[key])}</b>
            <small>{percent(time[key])}</small>
          </li>
        ))}
        {time.bad > 0 && (
          <li>
            <i className="bad" />
            <span>of it flagged bad by people</span>
            <b>{formatHours(time.bad)}</b>
            <small>{percent(time.bad)}</small>
          </li>
        )}
      </ul>
    </>
  );
}

function Kinds({ kinds, counts, flags }: NightReport) {
  return (
    <>
      <table className="report-table">
        <caption>By flavor and program</caption>
        <thead>
          <tr>
            <th>Program</th>
            <th className="numeric">Taken</th>
            <th className="numeric">Judged</th>
            <th className="numeric">Normal</th>
            <th className="numeric">Flagged</th>
            <th className="numeric">Time, s</th>
          </tr>
        </thead>
        <tbody>
          {kinds.map((kind) => (
            <tr key={`${kind.flavor} ${kind.program ?? ''}`}>
              <td>
                <b>{kind.program ?? kind.flavor}</b>
                {kind.program !== null && <small> {kind.flavor}</small>}
              </td>
              <td className="numeric">{kind.taken}</td>
              <td className="numeric">{kind.judged}</td>
              <td className="numeric">{kind.judged > 0 ? kind.normal : '\u2013'}</td>
              <td className="numeric">{kind.flagged}</td>
              <td className="numeric">{Math.round(kind.exptime)}</td>
            </tr>
          ))}
          <tr className="sum">
            <td>All</td>
            <td className="numeric">{counts.exposures}</td>
            <td className="numeric">{counts.judged}</td>
            <td className="numeric">{counts.judged > 0 ? counts.normal : '\u2013'}</td>
            <td className="numeric">{flags.length}</td>
            <td className="numeric">{Math.round(kinds.reduce((sum, kind) => sum + kind.exptime, 0))}</td>
          </tr>
        </tbody>
      </table>
      <p className="report-states">
        {[
          [counts.superseded, 'superseded'],
          [counts.failed, 'failed or incomplete'],
          [counts.open, 'waiting or being processed'],
          [counts.registered, 'not for processing'],
        ]
          .filter(([n]) => Number(n) > 0)
          .map(([n, words]) => `${String(n)} ${String(words)}`)
          .join(', ')}
      </p>
    </>
  );
}

/** What the lost time went to, as far as somebody has said it. */
function LostHead({ time, gaps }: NightReport) {
  const words = time.lostTo.map(
    ({ cause, seconds }) => `${cause === null ? 'no reason given' : LOST_CAUSE_WORDS[cause]} ${formatHours(seconds)}`,
  );
  return (
    <h3 className="report-sub">
      Time lost <small>{gaps.length === 0 ? 'no pause over 5 min' : words.join(', ')}</small>
    </h3>
  );
}

function estimate(item: Item, { kinds }: NightReport): number {
  switch (item.kind) {
    case 'parts':
      return 150;
    case 'lost':
      return 40;
    case 'gap':
      return 30;
    case 'kinds':
      return 120 + 28 * kinds.length;
  }
}

/** Where the time of the night went, why some was lost, and what was taken in it. */
export function TimeAccount({ report }: { report: NightReport }) {
  const { time, gaps } = report;
  /** The stretch whose form is open, by the exposure before it. */
  const [open, setOpen] = useState<number | null | undefined>(undefined);
  const note =
    time.from === null || time.to === null
      ? 'no science exposure'
      : `${formatHours(time.span)} ${time.dark ? 'since 18\u00b0 twilight' : 'from first to last exposure'}, ${short(time.from)} to ${short(time.to)}`;
  const items: Item[] = [
    { kind: 'parts' },
    ...(time.from === null ? [] : [{ kind: 'lost' as const }]),
    ...gaps.map((gap): Item => ({ kind: 'gap', gap })),
    { kind: 'kinds' },
  ];
  return (
    <Panel title="Where the night went" note={note} className="report-time">
      <VirtualList
        label="Time, what was lost of it, and exposures by program"
        className="scrolling"
        items={items}
        keyOf={(item) => (item.kind === 'gap' ? `gap ${item.gap.after ?? ''}` : item.kind)}
        estimate={(item) => estimate(item, report)}
      >
        {(item) => {
          switch (item.kind) {
            case 'parts':
              return <Parts {...report} />;
            case 'lost':
              return <LostHead {...report} />;
            case 'kinds':
              return <Kinds {...report} />;
            case 'gap':
              return (
                <LostTime
                  night={report.night}
                  gap={item.gap}
                  open={open === item.gap.after}
                  onOpen={(is) => {
                    setOpen(is ? item.gap.after : undefined);
                  }}
                />
              );
          }
        }}
      </VirtualList>
    </Panel>
  );
}
