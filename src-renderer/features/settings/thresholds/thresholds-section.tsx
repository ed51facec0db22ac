import { useMemo, useState } from 'react';
import type { LimitSamples } from '#shared/domain/limit-samples.ts';
import { checkRule, isSameScope, metricOfKey, scopeWords, type LimitRule } from '#shared/domain/limits.ts';
import { previewPoints } from '../../../charts/figures/limit-preview.ts';
import { utcDate } from '../../../model/format.ts';
import { fareOf, linesOf, signOf, spreadOf, withLine, type Judged } from '../../../model/limit-preview.ts';
import {
  CHOICE_WORDS,
  choiceOf,
  choiceParts,
  elementsOf,
  EXPOSURE_CHOICES,
  type ThresholdPlace,
} from '../../../model/threshold-place.ts';
import { useNow } from '../../../store/context.tsx';
import { useOpenEvidence } from '../../../store/open-evidence.ts';
import { Button, Segmented } from '../../../ui/controls.tsx';
import { Panel, StateNote } from '../../../ui/panel.tsx';
import { StatusGlyph } from '../../../ui/status-glyph.tsx';
import { useAnswer } from '../../camera/use-engine-data.ts';
import { SaveBar } from '../save-bar.tsx';
import { ChangesTable, FarePanel } from './fare-panel.tsx';
import { LimitChart } from './limit-chart.tsx';
import { LimitVersions } from './limit-versions.tsx';
import { MetricList } from './metric-list.tsx';
import { NightField } from './night-field.tsx';
import { RulePanel } from './rule-panel.tsx';
import { usePlaceRule, useThresholds } from './use-thresholds.ts';
import { usePostedLimits } from './use-posted-limits.ts';

const REACHES = { '50': '50', '200': '200', '1000': '1000' } as const;
type Reach = keyof typeof REACHES;

const FIRST: ThresholdPlace = {
  key: 'NOISE_AMP',
  camera: null,
  element: null,
  flavor: 'science',
  program: 'dark',
  from: null,
  until: null,
};
const EMPTY: LimitSamples = { exposures: [], ranges: [], samples: [] };

/** The one reference of all samples; null where they differ, or there is none. */
function commonReference({ samples }: LimitSamples): number | null {
  const first = samples[0]?.reference ?? null;
  return samples.every(({ reference }) => reference === first) ? first : null;
}

/** Limits over those of the configuration: by metric, camera, element, exposure and night, tried on the past before they are saved. */
export function ThresholdsSection() {
  const openEvidence = useOpenEvidence();
  const now = useNow(60_000);
  const [place, setPlace] = useState<ThresholdPlace>(FIRST);
  const [reach, setReach] = useState<Reach>('200');
  const [revision, setRevision] = useState(0);
  const [showVersions, setShowVersions] = useState(false);
  const limits = useThresholds(revision, () => {
    setRevision(revision + 1);
    setShowVersions(false);
  });
  const { rules, saved } = limits;
  const { own, wider } = usePlaceRule(place, rules);
  const posted = usePostedLimits(place);
  const { key, camera, element, flavor, program } = place;
  const answer = useAnswer(
    'limits.samples',
    { key, camera, element, flavor, program, exposures: Number(reach) },
    String(revision),
  );
  const past = answer.state === 'ready' ? answer.value : EMPTY;
  const fare = useMemo(
    () => (answer.state === 'ready' ? fareOf(past, key, saved, rules) : null),
    [answer.state, past, key, saved, rules],
  );
  const spread = useMemo(() => spreadOf(past.samples.map(({ value }) => value)), [past]);
  const reference = useMemo(() => commonReference(past), [past]);

  const fromConfiguration = posted.get(key);
  const lastRanges = past.ranges.at(-1);
  const rule: Pick<LimitRule, 'reference' | 'normal' | 'warn'> | null =
    own ??
    wider ??
    (fromConfiguration ? { ...range2(fromConfiguration), reference: null } : null) ??
    (lastRanges ? { ...lastRanges, reference: null } : null);
  const source = own
    ? 'a limit of its own'
    : wider
      ? `the limit for ${scopeWords(wider)}; a change makes one of its own`
      : 'as the QL configuration has it; a change makes a limit over it';
  // Where references differ from one value to the next, deviations are drawn.
  const at = rule?.reference ?? reference;
  const level = at ?? 0;
  const lines = rule ? linesOf(at === null ? '' : key, level, rule) : null;
  const before = useMemo((): Pick<LimitRule, 'normal' | 'warn'> | null => {
    const same = saved.find((other) => isSameScope(other, place as LimitRule));
    return same ?? (own ? (wider ?? (fromConfiguration ? range2(fromConfiguration) : null)) : null);
  }, [saved, place, own, wider, fromConfiguration]);
  const savedRule = saved.find((other) => isSameScope(other, place as LimitRule));
  const savedLines = before
    ? linesOf(at === null ? '' : key, savedRule?.reference ?? reference ?? level, before)
    : null;
  const points = useMemo(() => previewPoints(fare?.judged ?? [], at, signOf(key)), [fare, at, key]);
  const errors = rules.flatMap(checkRule).length;
  const silent =
    lines !== null && points.length > 0 && points.every(({ y }) => y === null || (y > lines[1] && y < lines[2]));

  const open = ({ exposure, sample }: Judged): void => {
    void openEvidence({ screen: 'camera', runId: exposure.runId, camera: sample.camera, metricKey: key });
  };
  const changePlace = (change: Partial<ThresholdPlace>): void => {
    setPlace((old) => {
      const next = { ...old, ...change };
      return elementsOf(next.key, next.program).includes(next.element ?? '') ? next : { ...next, element: null };
    });
  };
  if (limits.current.state === 'error') {
    return (
      <StateNote glyph={<StatusGlyph status="failed" size={16} named />} title="The limits cannot be read">
        {limits.current.message}
      </StateNote>
    );
  }
  const current = limits.current.state === 'ready' ? limits.current.value : null;
  return (
    <div className={`thresholds${showVersions ? ' with-versions' : ''}`}>
      <div className="panel section-head">
        <h1>Thresholds</h1>
        <Segmented
          label="Exposures"
          value={choiceOf(place)}
          options={EXPOSURE_CHOICES.map((value) => ({ value, text: CHOICE_WORDS[value] }))}
          onChange={(choice) => {
            changePlace(choiceParts(choice));
          }}
        />
        <NightField
          label="From night"
          value={place.from}
          onChange={(from) => {
            changePlace({ from });
          }}
        />
        <NightField
          label="until"
          value={place.until}
          onChange={(until) => {
            changePlace({ until });
          }}
        />
        <span className="spring" />
        <span className="note">
          {current === null
            ? 'no limits of your own yet'
            : `limits v${current.id}, in use since ${utcDate(current.createdAt, now)}`}
        </span>
        <Button
          small
          onClick={() => {
            setShowVersions(!showVersions);
          }}
        >
          {showVersions ? 'Hide versions' : 'Versions'}
        </Button>
      </div>
      <MetricList
        rules={rules}
        saved={saved}
        posted={posted}
        chosen={key}
        onChoose={(next) => {
          changePlace({ key: next });
        }}
      />
      <RulePanel
        key={JSON.stringify(place)}
        place={place}
        rule={rule}
        own={own !== undefined}
        source={source}
        postedReference={reference}
        spread={spread}
        onPlace={changePlace}
        onRule={limits.setRule}
        onRemove={() => {
          if (own) limits.removeRule(own);
        }}
      />
      <Panel
        title="Preview"
        note={
          answer.state === 'ready'
            ? `${past.exposures.length} exposures, ${past.samples.length} values${at === null && points.length > 0 ? ', as deviations from their references' : ''}; drag a line to change it`
            : answer.state === 'error'
              ? ''
              : 'reading the past'
        }
        className="limit-preview"
        tools={
          <Segmented
            label="How many exposures"
            value={reach}
            options={(Object.keys(REACHES) as Reach[]).map((value) => ({ value, text: `${value} exposures` }))}
            onChange={setReach}
          />
        }
      >
        {answer.state === 'error' ? (
          <StateNote glyph={<StatusGlyph status="failed" size={16} named />} title="The past values cannot be read">
            {answer.message}
          </StateNote>
        ) : answer.state === 'ready' && points.length === 0 ? (
          <StateNote glyph={<StatusGlyph status="unknown" size={16} named />} title="No past values">
            {metricOfKey(key) ?? key} has not been measured on such exposures yet. A limit may be set all the same; its
            effect will be seen with the first of them.
          </StateNote>
        ) : (
          <LimitChart
            points={points}
            lines={lines}
            saved={own ? savedLines : null}
            title={`Past values of ${key} with their limits`}
            onMove={(index, value) => {
              if (!lines || !rule) return;
              const moved = withLine(at === null ? '' : key, level, lines, index, value);
              limits.setRule({ ...place, reference: rule.reference, ...moved });
            }}
            onOpen={({ judged }) => {
              open(judged);
            }}
          />
        )}
      </Panel>
      <FarePanel fare={fare} silent={silent} />
      <ChangesTable changes={fare?.changes ?? []} onOpen={open} />
      {showVersions && <LimitVersions limits={limits} revision={revision} />}
      <SaveBar
        errors={errors}
        edited={limits.edited}
        about={
          <>
            <b>{scopeWords(place)}</b>
          </>
        }
        reason={limits.reason}
        onReason={limits.setReason}
        save={`Save as v${limits.version + 1}`}
        onSave={limits.save}
        onDiscard={limits.discard}
      />
    </div>
  );
}

const range2 = ({
  normal,
  warn,
}: {
  normal: readonly [number, number];
  warn: readonly [number, number];
}): Pick<LimitRule, 'normal' | 'warn'> => ({ normal: [normal[0], normal[1]], warn: [warn[0], warn[1]] });
