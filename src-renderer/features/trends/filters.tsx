import type { ExposureFilter, Period, TrendCatalogue } from '#shared/domain/trend.ts';
import { Segmented } from '../../ui/controls.tsx';

const PERIODS: readonly { value: Period['kind']; text: string }[] = [
  { value: 'last-night', text: 'Night' },
  { value: 'week', text: 'Week' },
  { value: 'month', text: 'Month' },
  { value: 'all', text: 'All' },
  { value: 'nights', text: 'Dates' },
];

/** '2026-11-21' of '20261121'. */
const dashed = (night: string): string => `${night.slice(0, 4)}-${night.slice(4, 6)}-${night.slice(6, 8)}`;

function NightField({ label, night, onChange }: { label: string; night: string; onChange: (night: string) => void }) {
  return (
    <label className="period-field">
      <span>{label}</span>
      <input
        type="date"
        value={dashed(night)}
        onChange={(event) => {
          const { value } = event.target;
          if (/^\d{4}-\d\d-\d\d$/.test(value)) onChange(value.replaceAll('-', ''));
        }}
      />
    </label>
  );
}

/** A drop-down of the names that there are, with a word for all of them. */
export function NameSelect({
  label,
  all,
  value,
  names,
  onChange,
}: {
  label: string;
  all: string;
  value: string | null;
  names: readonly string[];
  onChange: (value: string | null) => void;
}) {
  const known = value === null || names.includes(value) ? names : [...names, value];
  return (
    <label className="choice">
      <span>{label}</span>
      <select
        value={value ?? ''}
        onChange={(event) => {
          onChange(event.target.value === '' ? null : event.target.value);
        }}
      >
        <option value="">{all}</option>
        {known.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Which exposures: period, flavor and program. */
export function Filters({
  filter,
  catalogue,
  withFlavor,
  onChange,
}: {
  filter: ExposureFilter;
  catalogue: TrendCatalogue | null;
  withFlavor: boolean;
  onChange: (filter: ExposureFilter) => void;
}) {
  const { period } = filter;
  const newest = catalogue?.lastNight ?? '20200101';
  const setKind = (kind: Period['kind']): void => {
    if (kind === 'nights') {
      const from = catalogue?.firstNight ?? newest;
      onChange({ ...filter, period: { kind, from, to: newest } });
    } else onChange({ ...filter, period: { kind } });
  };
  return (
    <>
      <div className="choice">
        <span>Nights</span>
        <Segmented label="Nights" value={period.kind} options={PERIODS} onChange={setKind} />
      </div>
      {period.kind === 'nights' && (
        <div className="period-fields">
          <NightField
            label="From night"
            night={period.from}
            onChange={(from) => {
              onChange({ ...filter, period: { ...period, from } });
            }}
          />
          <NightField
            label="to night"
            night={period.to}
            onChange={(to) => {
              onChange({ ...filter, period: { ...period, to } });
            }}
          />
        </div>
      )}
      <div className="two-choices">
        {withFlavor && (
          <NameSelect
            label="Flavor"
            all="all flavors"
            value={filter.flavor}
            names={catalogue?.flavors ?? []}
            onChange={(flavor) => {
              onChange({ ...filter, flavor });
            }}
          />
        )}
        <NameSelect
          label="Program"
          all="all programs"
          value={filter.program}
          names={catalogue?.programs ?? []}
          onChange={(program) => {
            onChange({ ...filter, program });
          }}
        />
      </div>
    </>
  );
}
