import type { Alarm } from '#shared/domain/alarm.ts';
import {
  alarmCounts,
  alarmLine,
  alarmStatus,
  alarmTimes,
  alarmTone,
  limitLine,
  uncovered,
} from '../../model/alarms.ts';
import type { Problem } from '../../model/problems.ts';
import { useApp, useNow, useRoom } from '../../store/context.tsx';
import { shownRun } from '../../store/control-room.ts';
import { Button } from '../../ui/controls.tsx';
import { Panel, StateNote } from '../../ui/panel.tsx';
import { StatusGlyph } from '../../ui/status-glyph.tsx';
import { useAlarmActions, useOpenAlarms } from '../alarms/use-alarms.ts';
import { useOpenCamera } from './use-verdict.ts';

function useChooseAlarm(): (id: number) => void {
  const { view } = useApp();
  return (id) => {
    view.setState({ screen: 'alarms', alarm: id, wall: false });
  };
}

/** Of an alarm that nobody has acknowledged, in a few words: the numbers, or that it is over. */
function briefLine(alarm: Alarm, numbers: string): string {
  if (!alarm.present) return 'Over; waits to be acknowledged';
  return numbers === '' ? alarmLine(alarm) : numbers;
}

/** An alarm: the way to its page; the first that nobody has acknowledged can be seen to here. */
function AlarmItem({ alarm, now, first }: { alarm: Alarm; now: number; first: boolean }) {
  const { view } = useApp();
  const choose = useChooseAlarm();
  const act = useAlarmActions();
  const { id, title, value, state } = alarm;
  const tone = alarmTone(alarm);
  const numbers = [value, limitLine(alarm)].filter((text) => text !== '').join(', ');
  // Only the one to be seen to now has all its words here; the others keep to two lines, so that many are in sight.
  const whole = first && state === 'new';
  const line = whole || state !== 'new' ? alarmLine(alarm) : briefLine(alarm, numbers);
  const acknowledge = (): void => {
    if (view.getState().observer.trim() === '') choose(id);
    else void act.acknowledge(id);
  };
  return (
    <li
      className={`problem-item ${tone}${alarm.present ? '' : ' over'}${whole ? '' : ' brief'}`}
      data-alarm={id}
      data-state={state}
    >
      <button type="button" className={`problem ${tone === 'quiet' ? '' : tone}`} onClick={() => choose(id)}>
        <StatusGlyph status={alarmStatus(alarm)} size={16} />
        <b>{title}</b>
        {whole && numbers !== '' && <span>{numbers}</span>}
        <span className="problem-foot">
          <i title={whole ? undefined : line}>{line}</i>
          <s>{alarmTimes(alarm, now).time}</s>
        </span>
      </button>
      {whole && (
        <div className="problem-actions">
          <Button small kind="primary" label={`Acknowledge: ${title}`} onClick={acknowledge}>
            Acknowledge
          </Button>
          <Button small kind="ghost" label={`What to do: ${title}`} onClick={() => choose(id)}>
            What to do
          </Button>
        </div>
      )}
    </li>
  );
}

function Row({ problem }: { problem: Problem }) {
  const openCamera = useOpenCamera();
  const { severity, sentence, value, detail, cameras, who, also } = problem;
  const facts = [value, detail, /^\d/.test(who) ? cameras.join(', ') : ''].filter((text) => text !== '');
  return (
    <li>
      <button
        type="button"
        className={`problem ${severity}`}
        onClick={() => {
          openCamera(problem.camera, problem.key);
        }}
      >
        <StatusGlyph status={severity} size={16} />
        <b>{sentence}</b>
        {facts.length > 0 && <span>{facts.join(', ')}</span>}
        {also.length > 0 && <span>also {also.join(', ')}</span>}
      </button>
    </li>
  );
}

function Quiet({ measured }: { measured: boolean }) {
  const run = useRoom((state) => shownRun(state)?.run);
  return (
    <StateNote
      glyph={
        <StatusGlyph status={run === undefined || run.state === 'running' ? 'waiting' : 'normal'} size={16} named />
      }
      title={
        run === undefined ? 'No alarm; nothing judged yet' : run.state === 'running' ? 'No alarm so far' : 'No alarm'
      }
    >
      {run === undefined
        ? 'What is off normal appears here, with the way to its evidence.'
        : measured
          ? 'Every number judged is inside its limits.'
          : 'No number has been judged yet.'}
    </StateNote>
  );
}

/** The alarms that are not over, then what else is off in the run on screen; each the way to its evidence. */
export function Attention() {
  const problems = useRoom((state) => state.problems);
  const runId = useRoom((state) => shownRun(state)?.run.id ?? 0);
  const measured = useRoom((state) => (shownRun(state)?.measurements.length ?? 0) > 0);
  const alarms = useOpenAlarms();
  const now = useNow(1000);
  const others = uncovered(problems, alarms, runId);
  const first = alarms.find(({ state }) => state === 'new');
  return (
    <Panel title="Alarms" note={alarmCounts(alarms)} className="attention">
      {alarms.length === 0 && others.length === 0 ? (
        <Quiet measured={measured} />
      ) : (
        <ul className="scrolling">
          {alarms.map((alarm) => (
            <AlarmItem key={alarm.id} alarm={alarm} now={now} first={alarm === first} />
          ))}
          {others.length > 0 && <li className="problem-head">Off normal in this exposure, no alarm</li>}
          {others.map((problem) => (
            <Row key={`${problem.severity} ${problem.sentence}`} problem={problem} />
          ))}
        </ul>
      )}
    </Panel>
  );
}
