import { describe, expect, it } from 'vitest';
import { DEFAULT_ALARM_SETTINGS as settings, type Alarm } from '#shared/domain/alarm.ts';
import { announcementOf, reminderOf } from './announce.ts';
import { alarmOf } from './change.ts';
import { dataCauses } from './data-causes.ts';
import { machineCauses } from './machine-causes.ts';
import { jobsWith, measurementsWith, runOf } from './test-support/run.ts';

const [noise] = dataCauses(measurementsWith({ r3: { NOISE_AMP: [0, 0, 3, 0] } }));
const [missing] = machineCauses(runOf(1), jobsWith({ b9: { state: 'missing' } }));
const [warning] = dataCauses(measurementsWith({ r3: { NOISE_AMP: [0, 0, 1.7, 0] } }));
const alarms = [noise, missing, warning].map((cause, i): Alarm => ({ ...alarmOf(cause!, 'new', i), id: i + 1 }));
const [data, fault, soft] = alarms as [Alarm, Alarm, Alarm];

describe('what is made heard', () => {
  it('is named after the worst, with the number of all', () => {
    const told = announcementOf(
      [
        { why: 'worse', alarm: fault },
        { why: 'new', alarm: data },
      ],
      settings,
      [],
      0,
    );
    expect(told).toMatchObject({ why: 'new', family: 'data', alarmId: 1, title: data.title, count: 2, sound: true });
  });

  it('has the family of its alarm', () => {
    expect(announcementOf([{ why: 'worse', alarm: fault }], settings, [], 0)).toMatchObject({
      why: 'worse',
      family: 'machinery',
      notify: true,
    });
  });

  it('leaves warnings out unless the settings want them', () => {
    expect(announcementOf([{ why: 'new', alarm: soft }], settings, [], 0)).toBeNull();
    const loud = { ...settings, warning: { ...settings.warning, sound: true } };
    expect(announcementOf([{ why: 'new', alarm: soft }], loud, [], 0)).toMatchObject({ sound: true, notify: false });
  });

  it('is silent for what is muted, and only as long', () => {
    const mutes = [{ severity: 'alarm' as const, until: 5000, by: 'Ana' }];
    expect(announcementOf([{ why: 'new', alarm: data }], settings, mutes, 4999)).toBeNull();
    expect(announcementOf([{ why: 'new', alarm: data }], settings, mutes, 5000)).not.toBeNull();
    expect(announcementOf([{ why: 'new', alarm: fault }], settings, mutes, 0)).not.toBeNull();
    expect(
      announcementOf([{ why: 'new', alarm: fault }], settings, [{ severity: 'all', until: 9, by: '' }], 0),
    ).toBeNull();
  });

  it('reminds, more softly, of what nobody has acknowledged', () => {
    expect(reminderOf(alarms, settings, [], 0)).toMatchObject({
      why: 'reminder',
      count: 2,
      notify: false,
      level: (settings.level * 2) / 3,
    });
    expect(
      reminderOf(
        [
          { ...data, state: 'acknowledged' },
          { ...fault, state: 'shelved' },
        ],
        settings,
        [],
        0,
      ),
    ).toBeNull();
  });
});
