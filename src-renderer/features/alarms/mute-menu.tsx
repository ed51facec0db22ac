import { ALARM_SEVERITIES, type AlarmMute } from '#shared/domain/alarm.ts';
import { severityWord } from '../../model/alarms.ts';
import { utcTime } from '../../model/format.ts';
import { useCommand, useNow, useRoom, useView } from '../../store/context.tsx';
import { Button } from '../../ui/controls.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Popover } from '../../ui/popover.tsx';

const SPANS: readonly (readonly [string, number])[] = [
  ['15 min', 15],
  ['1 h', 60],
  ['4 h', 240],
];
const NO_MUTES: readonly AlarmMute[] = [];

/** Silence by severity, always with an end; what is silent stands in the button. */
export function MuteMenu() {
  const command = useCommand();
  const observer = useView((state) => state.observer);
  const mutes = useRoom((state) => state.room?.mutes ?? NO_MUTES);
  const now = useNow(10_000);
  const name = observer.trim() === '' ? 'observer' : observer.trim();
  const held = mutes.filter(({ until }) => until > now);
  const mute = (severity: AlarmMute['severity'], until: number): void => {
    void command((bridge) => bridge.call('alarm.mute', { severity, until, name }));
  };
  const [first] = held;
  const text = first
    ? held.length > 1
      ? `${held.length} kinds muted`
      : `${severityWord(first.severity)} muted until ${utcTime(first.until).slice(0, 5)}`
    : 'Mute';
  return (
    <Popover
      label="Mute"
      align="end"
      active={held.length > 0}
      content={
        <>
          <Icon name={held.length > 0 ? 'muted' : 'sound'} size={14} />
          {text}
        </>
      }
    >
      {() => (
        <div className="mute-menu">
          {(['all', ...ALARM_SEVERITIES] as const).map((severity) => {
            const muted = held.find((one) => one.severity === severity);
            const word = severityWord(severity);
            return (
              <div key={severity} role="group" aria-label={word}>
                <b>{word}</b>
                {muted ? (
                  <>
                    <span>
                      until {utcTime(muted.until).slice(0, 5)} UTC, by {muted.by}
                    </span>
                    <Button small label={`End the silence of ${word}`} onClick={() => mute(severity, 0)}>
                      End
                    </Button>
                  </>
                ) : (
                  SPANS.map(([span, minutes]) => (
                    <Button
                      key={span}
                      small
                      label={`Mute ${word} for ${span}`}
                      onClick={() => mute(severity, Date.now() + minutes * 60_000)}
                    >
                      {span}
                    </Button>
                  ))
                )}
              </div>
            );
          })}
          <p>No sound and no desktop notification; alarms still appear.</p>
        </div>
      )}
    </Popover>
  );
}
