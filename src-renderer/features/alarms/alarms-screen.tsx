import { useEffect, useMemo, useState } from 'react';
import { DEFAULT_ALARM_SETTINGS, type Alarm, type AlarmSettings } from '#shared/domain/alarm.ts';
import type { CameraName } from '#shared/domain/camera.ts';
import { alarmSections } from '../../model/alarms.ts';
import { useApp, useCommand, useRoom, useView } from '../../store/context.tsx';
import { Button, Segmented } from '../../ui/controls.tsx';
import { Icon } from '../../ui/icon.tsx';
import { StateNote } from '../../ui/panel.tsx';
import { StatusGlyph } from '../../ui/status-glyph.tsx';
import { useAnswer } from '../camera/use-engine-data.ts';
import { useShortcuts } from '../shell/shortcuts.ts';
import { AlarmDetail } from './alarm-detail.tsx';
import { AlarmList } from './alarm-list.tsx';
import type { RowActions } from './alarm-row.tsx';
import { AlarmSettingsPanel } from './alarm-settings-panel.tsx';
import { MuteMenu } from './mute-menu.tsx';
import { SoundMenu } from './sound-menu.tsx';
import { useAlarmActions, useAlarmList, useOpenAlarms, type AlarmsView } from './use-alarms.ts';
import './alarms.css';

/** Alarms asked for at once when all of them are looked through. */
const PAGE = 200;
const LONGEST = 500;
const NO_CAMERAS: readonly CameraName[] = [];

function useAlarmSettings(): { settings: AlarmSettings; save: (settings: AlarmSettings) => void } {
  const { bridge } = useApp();
  const command = useCommand();
  const [settings, setSettings] = useState(DEFAULT_ALARM_SETTINGS);
  useEffect(() => {
    void bridge.call('alarm-settings.get', {}).then((answer) => {
      if (answer.ok) setSettings(answer.value);
    });
  }, [bridge]);
  const save = (next: AlarmSettings): void => {
    void command((b) => b.call('alarm-settings.set', { settings: next })).then((done) => {
      if (done) setSettings(next);
    });
  };
  return { settings, save };
}

function Empty({ view, text }: { view: AlarmsView; text: string }) {
  const watching = useRoom((state) => state.room?.engine.activity !== 'off');
  if (text !== '')
    return (
      <StateNote glyph={<StatusGlyph status="not-expected" size={16} />} title="No alarm has these words">
        Fewer words find more; the view All looks through every night.
      </StateNote>
    );
  return (
    <StateNote
      glyph={<StatusGlyph status={watching ? 'waiting' : 'not-expected'} size={16} named />}
      title={view === 'active' ? 'No alarm is active' : view === 'night' ? 'No alarm tonight' : 'No alarm yet'}
    >
      {watching
        ? 'What goes off its limits, fails, or loses contact appears here, one row a cause. Only judged exposures can alarm.'
        : 'The engine is stopped: nothing is judged, and nothing can alarm. Start it in the top bar.'}
    </StateNote>
  );
}

/** All alarms: what needs somebody first, with the chosen one's cause, advice, evidence and history beside it. */
export function AlarmsScreen() {
  const { view } = useApp();
  const [shown, setShown] = useState<AlarmsView>('active');
  const [text, setText] = useState('');
  const [limit, setLimit] = useState(PAGE);
  const [settingUp, setSettingUp] = useState(false);
  const [focusNote, setFocusNote] = useState(0);
  const open = useOpenAlarms();
  const { loaded, total, tonight } = useAlarmList(shown, text, limit);
  const { settings, save } = useAlarmSettings();
  const actions = useAlarmActions();
  const wanted = useView((state) => state.alarm);
  const alarms = useMemo(() => (loaded.state === 'ready' ? loaded.value : []), [loaded]);
  const ordered = useMemo(() => alarmSections(alarms, 0).flatMap((section) => section.alarms), [alarms]);
  const listed = ordered.find(({ id }) => id === wanted);
  const revision = listed ? `${listed.state}${listed.changedAt}${String(listed.expid)}${listed.note}` : '';
  const id = listed?.id ?? wanted ?? ordered[0]?.id ?? null;
  const answer = useAnswer('alarm.get', id === null ? null : { id }, revision);
  const chosen: Alarm | undefined =
    ordered.find((alarm) => alarm.id === id) ?? (answer.state === 'ready' ? answer.value.alarm : undefined);
  const expected = useRoom(
    (state) => state.room?.exposures.find(({ expid }) => expid === chosen?.expid)?.camerasExpected ?? NO_CAMERAS,
  );

  const choose = (alarmId: number): void => {
    view.setState({ alarm: alarmId });
    setSettingUp(false);
  };
  const write = ({ id: alarmId }: Alarm): void => {
    choose(alarmId);
    setFocusNote((count) => count + 1);
  };
  const act: RowActions = {
    choose,
    acknowledge: (alarm) => {
      if (view.getState().observer.trim() === '') write(alarm);
      else void actions.acknowledge(alarm.id);
    },
    shelve: write,
    note: write,
    unshelve: (alarm) => void actions.unshelve(alarm.id),
    retry: (alarm) => void actions.retry(alarm),
    notExpected: (alarm) => void actions.notExpected(alarm, expected),
  };
  const step = (by: number): void => {
    const at = ordered.findIndex((alarm) => alarm.id === id);
    const next = ordered[Math.max(0, Math.min(ordered.length - 1, at + by))];
    if (next) choose(next.id);
  };
  useShortcuts({
    j: () => step(1),
    k: () => step(-1),
    ArrowDown: () => step(1),
    ArrowUp: () => step(-1),
    Enter: () => {
      if (chosen?.state === 'new') act.acknowledge(chosen);
      else if (chosen) write(chosen);
    },
  });

  return (
    <div className="alarms">
      <section className="panel" aria-labelledby="alarms-title">
        <div className="panel-head alarms-head">
          <h1 id="alarms-title">Alarms</h1>
          <Segmented<AlarmsView>
            label="Which alarms"
            value={shown}
            options={[
              { value: 'active', text: `Active ${open.length}` },
              { value: 'night', text: tonight === null ? 'Tonight' : `Tonight ${tonight}` },
              { value: 'all', text: 'All' },
            ]}
            onChange={setShown}
          />
          <input
            type="search"
            className="alarm-search"
            aria-label="Find alarms by their words"
            placeholder="Find"
            value={text}
            maxLength={100}
            onChange={(event) => setText(event.target.value)}
          />
          <span className="spring" />
          <SoundMenu level={settings.level} />
          <MuteMenu />
          <button
            type="button"
            className="icon-button"
            aria-label="Alarm settings"
            aria-pressed={settingUp}
            onClick={() => setSettingUp(!settingUp)}
          >
            <Icon name="settings" size={16} />
          </button>
        </div>
        {loaded.state === 'error' ? (
          <StateNote glyph={<StatusGlyph status="failed" size={16} />} title="The alarms could not be read">
            {loaded.message}
          </StateNote>
        ) : alarms.length === 0 && loaded.state === 'ready' ? (
          <Empty view={shown} text={text.trim()} />
        ) : (
          <AlarmList alarms={alarms} chosen={id} act={act} />
        )}
        {shown === 'all' && total > alarms.length && limit < LONGEST && (
          <div className="alarm-more">
            <Button small onClick={() => setLimit(Math.min(LONGEST, limit + PAGE))}>
              Older ones: {total - alarms.length} more
            </Button>
          </div>
        )}
      </section>
      <section className="panel" aria-label={settingUp ? 'Alarm settings' : 'Chosen alarm'}>
        <div className="panel-head alarms-head">
          <span className="note">{settingUp ? 'Alarm settings, changes hold at once' : 'Chosen alarm'}</span>
        </div>
        {settingUp ? (
          <AlarmSettingsPanel settings={settings} onChange={save} onClose={() => setSettingUp(false)} />
        ) : chosen ? (
          <AlarmDetail
            alarm={chosen}
            history={answer.state === 'ready' ? { state: 'ready', value: answer.value.history } : answer}
            focusNote={focusNote}
          />
        ) : (
          <StateNote glyph={<StatusGlyph status="not-expected" size={16} />} title="None is chosen">
            Cause, advice, evidence and history of an alarm stand here.
          </StateNote>
        )}
      </section>
    </div>
  );
}
