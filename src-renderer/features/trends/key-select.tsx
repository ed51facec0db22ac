import { useMemo } from 'react';
import type { TrendCatalogue } from '#shared/domain/trend.ts';
import { keyChoices, type KeyChoice } from '../../model/trends-view.ts';

/** Options of all judged keys, by what they test. */
export function KeyOptions({ catalogue }: { catalogue: TrendCatalogue | null }) {
  const choices = useMemo(() => keyChoices(catalogue?.series ?? []), [catalogue]);
  const groups = [...new Set(choices.map(({ group }) => group))];
  return groups.map((group) => (
    <optgroup key={group} label={group}>
      {choices
        .filter((choice) => choice.group === group)
        .map((choice) => (
          <option key={`${choice.metric} ${choice.key}`} value={`${choice.metric} ${choice.key}`}>
            {choice.text}
          </option>
        ))}
    </optgroup>
  ));
}

/** The metric and key that an option's value stands for; undefined for something else. */
export function keyOfOption(value: string): Pick<KeyChoice, 'metric' | 'key'> | undefined {
  const space = value.lastIndexOf(' ');
  return space < 0 ? undefined : { metric: value.slice(0, space), key: value.slice(space + 1) };
}

/** A drop-down of the judged keys. */
export function KeySelect({
  metric,
  keyName,
  catalogue,
  onChange,
}: {
  metric: string;
  keyName: string;
  catalogue: TrendCatalogue | null;
  onChange: (metric: string, key: string) => void;
}) {
  return (
    <label className="choice">
      <span>Metric</span>
      <select
        value={`${metric} ${keyName}`}
        onChange={(event) => {
          const chosen = keyOfOption(event.target.value);
          if (chosen) onChange(chosen.metric, chosen.key);
        }}
      >
        <KeyOptions catalogue={catalogue} />
      </select>
    </label>
  );
}
