import { useState } from 'react';
import { ALARM_SEVERITIES, type AlarmSettings, type AlarmSeverity } from '#shared/domain/alarm.ts';
import { severityWord } from '../../model/alarms.ts';
import { useApp } from '../../store/context.tsx';
import { Button } from '../../ui/controls.tsx';
import { NumberField } from '../../ui/fields.tsx';

type Rule = AlarmSettings[AlarmSeverity];
const CHECKS: readonly (readonly [keyof Rule & ('latched' | 'sound' | 'notify'), string])[] = [
  ['latched', 'stays until acknowledged'],
  ['sound', 'sound'],
  ['notify', 'desktop notification'],
];

function RuleFields({
  severity,
  rule,
  onChange,
}: {
  severity: AlarmSeverity;
  rule: Rule;
  onChange: (rule: Rule) => void;
}) {
  const word = severityWord(severity);
  return (
    <fieldset className="alarm-rule">
      <legend>{word}</legend>
      <NumberField
        label="Raised after"
        value={rule.delay}
        min={1}
        unit={severity === 'fault' ? 'exposures, not for contact and disk' : 'exposures'}
        onChange={(delay) => onChange({ ...rule, delay: Math.min(10, delay) })}
      />
      <NumberField
        label="Over after"
        value={rule.recovery}
        min={1}
        unit="good exposures"
        onChange={(recovery) => onChange({ ...rule, recovery: Math.min(10, recovery) })}
      />
      <div className="choices" role="group" aria-label={`${word}: what it does`}>
        {CHECKS.map(([key, text]) => (
          <label key={key}>
            <input
              type="checkbox"
              checked={rule[key]}
              onChange={(event) => onChange({ ...rule, [key]: event.target.checked })}
            />
            {text}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** How alarms come, are heard, and go; every change holds at once. */
export function AlarmSettingsPanel({
  settings,
  onChange,
  onClose,
}: {
  settings: AlarmSettings;
  onChange: (settings: AlarmSettings) => void;
  onClose: () => void;
}) {
  const { sounds } = useApp();
  const [level, setLevel] = useState(settings.level);
  const percent = (share: number): number => Math.round(share * 100);
  const keepLevel = (): void => {
    if (level !== settings.level) onChange({ ...settings, level });
  };
  return (
    <div className="alarm-settings">
      {ALARM_SEVERITIES.map((severity) => (
        <RuleFields
          key={severity}
          severity={severity}
          rule={settings[severity]}
          onChange={(rule) => onChange({ ...settings, [severity]: rule })}
        />
      ))}
      <fieldset className="alarm-rule">
        <legend>Limits and times</legend>
        <NumberField
          label="Margin"
          value={percent(settings.margin)}
          min={0}
          unit="% of the normal range that a value must be inside again"
          onChange={(value) => onChange({ ...settings, margin: Math.min(90, value) / 100 })}
        />
        <NumberField
          label="No contact for"
          value={settings.contactDelay}
          min={5}
          unit="s"
          onChange={(contactDelay) => onChange({ ...settings, contactDelay })}
        />
        <NumberField
          label="Disk, warning"
          value={percent(settings.diskWarning)}
          min={30}
          unit="% used"
          onChange={(value) => onChange({ ...settings, diskWarning: Math.min(98, value) / 100 })}
        />
        <NumberField
          label="Disk, fault"
          value={percent(settings.diskFault)}
          min={31}
          unit="% used"
          onChange={(value) => onChange({ ...settings, diskFault: Math.min(99, value) / 100 })}
        />
      </fieldset>
      <fieldset className="alarm-rule">
        <legend>Sound</legend>
        <label className="field">
          <span>Level</span>
          <input
            type="range"
            min={0}
            max={100}
            step={5}
            value={percent(level)}
            aria-valuetext={`${percent(level)}%`}
            onChange={(event) => setLevel(Number(event.target.value) / 100)}
            onPointerUp={keepLevel}
            onKeyUp={keepLevel}
            onBlur={keepLevel}
          />
          <small>{percent(level)}%</small>
        </label>
        <NumberField
          label="Reminder"
          value={settings.reminder}
          min={0}
          unit="min between reminders of what nobody acknowledged; 0: none"
          onChange={(reminder) => onChange({ ...settings, reminder: Math.min(120, reminder) })}
        />
        <div className="alarm-buttons">
          <Button small onClick={() => sounds.play({ family: 'data', why: 'new', level, count: 1 })}>
            Hear it
          </Button>
        </div>
      </fieldset>
      <div className="alarm-buttons">
        <Button onClick={onClose}>Done</Button>
      </div>
    </div>
  );
}
