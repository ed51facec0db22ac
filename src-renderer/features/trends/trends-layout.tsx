import type { ReactNode } from 'react';
import { TRENDS_FACES, type TrendsFace } from '../../model/trends-view.ts';
import { Segmented } from '../../ui/controls.tsx';
import { useTrendsView } from './use-trends-view.ts';

const FACE_WORDS: Readonly<Record<TrendsFace, string>> = {
  lines: 'Trends',
  regression: 'Regression',
  conditions: 'Conditions',
  telemetry: 'Telemetry',
  footprint: 'Footprint',
};

/** Choices at the left, the plot, and what is known of it below or at the right. */
export function TrendsLayout({
  choices,
  note,
  tools,
  under,
  children,
}: {
  choices: ReactNode;
  note: string;
  tools?: ReactNode;
  under?: ReactNode;
  children: ReactNode;
}) {
  const [{ face }, change] = useTrendsView();
  return (
    <div className="trends">
      <h1 className="hidden">Trends</h1>
      <section className="panel trend-choices" aria-label="What is shown">
        <Segmented
          label="Kind of plot"
          value={face}
          options={TRENDS_FACES.map((value) => ({ value, text: FACE_WORDS[value] }))}
          onChange={(next) => {
            change({ face: next });
          }}
        />
        {choices}
      </section>
      <section className="panel trend-plot" aria-label={FACE_WORDS[face]}>
        <div className="panel-head">
          <h2>{FACE_WORDS[face]}</h2>
          <span className="note">{note}</span>
          <span className="spring" />
          {tools}
        </div>
        {children}
      </section>
      {under}
    </div>
  );
}
