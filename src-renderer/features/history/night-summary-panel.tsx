import { nightAfter } from '#shared/domain/night.ts';
import { count } from '../../model/format.ts';
import { formatHours } from '../../model/format-night.ts';
import { useApp } from '../../store/context.tsx';
import { Button } from '../../ui/controls.tsx';
import { Icon } from '../../ui/icon.tsx';
import { useAnswer } from '../camera/use-engine-data.ts';

function Fact({ name, value, more }: { name: string; value: string | null; more: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {value ?? '\u2013'} <small>{value === null ? '' : more}</small>
      </dd>
    </div>
  );
}

/** One night in four numbers, with the way to its neighbours and its report. */
export function NightSummaryPanel({ night, revision }: { night: string; revision: string }) {
  const { view } = useApp();
  const answer = useAnswer('report.night', { night }, revision);
  const report = answer.state === 'ready' ? answer.value : null;
  const to = (by: number) => (): void => {
    const next = nightAfter(night, by);
    view.setState(({ history }) => ({ history: { ...history, filter: { ...history.filter, from: next, to: next } } }));
  };
  const counts = report?.counts;
  return (
    <section className="panel night-summary" aria-label={`Night ${night}`}>
      <div className="panel-head">
        <button type="button" className="icon-button" aria-label="Night before" onClick={to(-1)}>
          <Icon name="left" size={16} />
        </button>
        <h2>Night {night}</h2>
        <button type="button" className="icon-button" aria-label="Night after" onClick={to(1)}>
          <Icon name="right" size={16} />
        </button>
        <span className="spring" />
        <Button
          small
          keys="O"
          onClick={() => {
            view.setState({ screen: 'report', night });
          }}
        >
          Report
        </Button>
      </div>
      <dl className="night-facts" aria-busy={report === null}>
        <Fact
          name="Exposures"
          value={counts ? String(counts.exposures) : null}
          more={counts ? `${String(counts.science)} science` : ''}
        />
        <Fact
          name="Judged normal"
          value={counts && counts.judged > 0 ? String(counts.normal) : null}
          more={counts ? `of ${String(counts.judged)} judged` : ''}
        />
        <Fact
          name="Open shutter"
          value={report && report.counts.science > 0 ? formatHours(report.time.open) : null}
          more={report ? `of ${formatHours(report.time.span)}` : ''}
        />
        <Fact
          name="Lost"
          value={report && report.counts.science > 0 ? formatHours(report.time.lost) : null}
          more={report && report.gaps.length > 0 ? `in ${count(report.gaps.length, 'gap')}` : ''}
        />
      </dl>
    </section>
  );
}
