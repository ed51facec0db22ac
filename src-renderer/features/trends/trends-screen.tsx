import { ConditionsView } from './conditions-view.tsx';
import { FootprintView } from './footprint-view.tsx';
import { LinesView } from './lines-view.tsx';
import { RegressionView } from './regression-view.tsx';
import { TelemetryView } from './telemetry-view.tsx';
import { useLatestAnswer } from './use-latest-answer.ts';
import { useTrendsView } from './use-trends-view.ts';
import './trends.css';

const NOTHING = {};

/** How things go over exposures and nights: metrics, two against each other, the sky's conditions, the survey's footprint. */
export function TrendsScreen() {
  const [{ face }] = useTrendsView();
  const { value: catalogue } = useLatestAnswer('trend.catalogue', NOTHING);
  switch (face) {
    case 'lines':
      return <LinesView catalogue={catalogue} />;
    case 'regression':
      return <RegressionView catalogue={catalogue} />;
    case 'conditions':
      return <ConditionsView catalogue={catalogue} />;
    case 'telemetry':
      return <TelemetryView catalogue={catalogue} />;
    case 'footprint':
      return <FootprintView catalogue={catalogue} />;
  }
}
