import type { LimitRule } from '#shared/domain/limits.ts';
import { METRIC_GROUPS, METRICS } from '#shared/qa/catalogue.ts';
import { rangeText } from '../../../model/limit-preview.ts';
import { unitText } from '../../../model/format.ts';
import { Panel } from '../../../ui/panel.tsx';

const TITLES = { ccd: 'CCD', fibers: 'Fibers', spectra: 'Spectra' } as const;

const countOf = (rules: readonly LimitRule[], key: string): number => rules.filter((rule) => rule.key === key).length;

/** Every key with limits; how many limits people have set over those of the configuration, and which are being edited. */
export function MetricList({
  rules,
  saved,
  posted,
  chosen,
  onChoose,
}: {
  rules: readonly LimitRule[];
  saved: readonly LimitRule[];
  /** Ranges of the configuration: warning and alarm outside. */
  posted: ReadonlyMap<string, { normal: readonly [number, number]; warn: readonly [number, number] }>;
  chosen: string;
  onChoose: (key: string) => void;
}) {
  return (
    <Panel title="Metric" note="warning, alarm outside" className="limit-metrics">
      <div className="scrolling" data-scrolls>
        {METRIC_GROUPS.map((group) => (
          <div key={group} role="group" aria-label={TITLES[group]}>
            <h3>{TITLES[group]}</h3>
            {METRICS.filter((metric) => metric.group === group)
              .flatMap(({ keys, title }) => keys.map((key, i) => ({ ...key, title: i === 0 ? title : key.label })))
              .map(({ key, title, unit }) => {
                const count = countOf(rules, key);
                const own = (list: readonly LimitRule[]): string =>
                  JSON.stringify(list.filter((rule) => rule.key === key));
                const edited = own(rules) !== own(saved);
                const ranges = posted.get(key);
                return (
                  <button
                    type="button"
                    key={key}
                    className={key === chosen ? 'on' : ''}
                    aria-pressed={key === chosen}
                    onClick={() => {
                      onChoose(key);
                    }}
                  >
                    <span>{title}</span>
                    {count > 0 && <em>{count === 1 ? '1 own' : `${count} own`}</em>}
                    <i title={unitText(unit)}>
                      {ranges ? `\u00b1${rangeText(ranges.normal)}, ${rangeText(ranges.warn)}` : ''}
                    </i>
                    <b className={edited ? 'edited' : ''}>{edited && <span className="hidden">edited</span>}</b>
                  </button>
                );
              })}
          </div>
        ))}
      </div>
    </Panel>
  );
}
