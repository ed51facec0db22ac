import { useState } from 'react';
import { expid8 } from '#shared/domain/exposure.ts';
import {
  EXPOSURE_KIND_NAMES,
  type ExposureKindName,
  type TestEnvironmentState,
} from '#shared/domain/test-environment.ts';
import { formatAbout, formatDuration } from '../../model/format.ts';
import { useNow } from '../../store/context.tsx';
import { Button } from '../../ui/controls.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Picker } from '../../ui/picker.tsx';
import { StatusGlyph } from '../../ui/status-glyph.tsx';
import type { Status } from '../../model/status.ts';

const KIND_WORDS: Readonly<Record<ExposureKindName, string>> = {
  'science-dark': 'Science, dark program',
  'science-gray': 'Science, gray program',
  'science-bright': 'Science, bright program',
  arc: 'Arc lamps',
  flat: 'Flat field',
  bias: 'Bias',
  dark: 'Dark current',
};

const GLYPHS: Readonly<Record<TestEnvironmentState['activity'], Status>> = {
  off: 'not-expected',
  starting: 'waiting',
  waiting: 'waiting',
  exposing: 'running',
  writing: 'running',
  trouble: 'failed',
};

function doing({ activity, exposure, problem }: TestEnvironmentState, now: number): string {
  const due = exposure?.appears ?? null;
  switch (activity) {
    case 'off':
      return 'The telescope is off';
    case 'starting':
      return 'The telescope starts';
    case 'trouble':
      return `Trouble: ${problem}`;
    case 'exposing':
      return due === null ? 'The shutter is open' : `The shutter is open, ${formatAbout(due - now)} to go`;
    case 'writing':
      return 'Its file is being made';
    case 'waiting':
      return due === null ? 'Waits to be asked' : `Begins in ${formatAbout((exposure?.begins ?? due) - now)}`;
  }
}

/** What the emulated telescope observes now, and an exposure at once. */
export function TelescopePanel({
  state,
  onExpose,
}: {
  state: TestEnvironmentState | null;
  onExpose: (kind: ExposureKindName | null) => void;
}) {
  const now = useNow(1000);
  const [kind, setKind] = useState<ExposureKindName | 'next'>('next');
  const exposure = state?.exposure;
  const what = exposure
    ? [
        exposure.program === null ? exposure.flavor : `${exposure.flavor}, ${exposure.program} program`,
        `${exposure.exptime} s`,
      ].join(', ')
    : '';
  return (
    <Panel
      title="Telescope"
      note="what is observed now"
      tools={
        <>
          <Picker
            label="Kind of the next exposure"
            value={kind}
            options={[
              { value: 'next' as const, text: 'What the night has next' },
              ...EXPOSURE_KIND_NAMES.map((value) => ({ value, text: KIND_WORDS[value] })),
            ]}
            onChange={setKind}
          />
          <Button
            kind="accent"
            small
            onClick={() => {
              onExpose(kind === 'next' ? null : kind);
            }}
          >
            Next exposure now
          </Button>
        </>
      }
    >
      <div className="telescope" role="status">
        {state && <StatusGlyph status={GLYPHS[state.activity]} size={18} named />}
        <div>
          <strong>{state ? doing(state, now) : ''}</strong>
          <p>
            {exposure && state.activity !== 'off'
              ? `${expid8(exposure.expid)}: ${what}, night ${exposure.night}`
              : '\u00a0'}
          </p>
        </div>
        <p className="last">
          {state?.last
            ? `Last: ${expid8(state.last.expid)}, made in ${formatDuration(state.last.seconds * 1000)}`
            : 'None yet since QLF was started'}
        </p>
      </div>
    </Panel>
  );
}
