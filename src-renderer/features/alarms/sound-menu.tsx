import type { AlarmAnnouncement, AlarmFamily } from '#shared/domain/alarm.ts';
import { useApp } from '../../store/context.tsx';
import { Button } from '../../ui/controls.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Popover } from '../../ui/popover.tsx';

const FAMILIES: readonly (readonly [AlarmFamily, string])[] = [
  ['data', 'Data'],
  ['machinery', 'Machinery'],
  ['contact', 'Contact lost'],
];
const WHYS: readonly (readonly [AlarmAnnouncement['why'], string, number])[] = [
  ['new', 'New', 1],
  ['worse', 'Worse', 1],
  ['reminder', 'Reminder', 2 / 3],
];

/** Every sound to be heard on purpose, at the level of the settings. */
export function SoundMenu({ level }: { level: number }) {
  const { sounds } = useApp();
  return (
    <Popover
      label="Test sounds"
      align="end"
      content={
        <>
          <Icon name="sound" size={14} />
          Test sounds
        </>
      }
    >
      {() => (
        <div className="mute-menu">
          {FAMILIES.map(([family, word]) => (
            <div key={family} role="group" aria-label={word}>
              <b>{word}</b>
              {WHYS.map(([why, text, share]) => (
                <Button
                  key={why}
                  small
                  label={`${word}: ${text}`}
                  onClick={() => sounds.play({ family, why, level: level * share, count: 1 })}
                >
                  {text}
                </Button>
              ))}
            </div>
          ))}
          <p>Level {Math.round(level * 100)}%. A reminder is softer than what it reminds of.</p>
        </div>
      )}
    </Popover>
  );
}
