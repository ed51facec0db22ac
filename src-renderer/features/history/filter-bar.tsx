import { useEffect, useState } from 'react';
import { OUTCOMES, type HistoryFilter, type Outcome } from '#shared/domain/history.ts';
import { FLAGS } from '#shared/domain/notes.ts';
import type { Response } from '#shared/ipc/contract.ts';
import { outcomeWord } from '../../model/history-columns.ts';
import { nightsWords, withChoices, withSearch, type HistoryLook } from '../../model/history-look.ts';
import { Button } from '../../ui/controls.tsx';
import { Icon } from '../../ui/icon.tsx';
import { NightField } from '../../ui/night-field.tsx';
import { Popover } from '../../ui/popover.tsx';
import { StatusGlyph } from '../../ui/status-glyph.tsx';

/** ms after the last key before a search begins. */
const SEARCH_MS = 250;

type Change = (change: Partial<HistoryLook>) => void;

function withNights(filter: HistoryFilter, from: string | undefined, to: string | undefined): HistoryFilter {
  const { from: _from, to: _to, ...rest } = filter;
  return { ...rest, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

function Nights({ filter, newest, onChange }: { filter: HistoryFilter; newest: string | null; onChange: Change }) {
  const { from, to } = filter;
  const set = (first: string | undefined, last: string | undefined): void => {
    onChange({ filter: withNights(filter, first, last) });
  };
  return (
    <Popover
      label="Nights"
      active={from !== undefined || to !== undefined}
      content={
        <>
          <Icon name="history" size={14} />
          {nightsWords(filter)}
        </>
      }
    >
      {(close) => (
        <div className="filter-nights">
          <div>
            <span>First night</span>
            <NightField
              label="First night"
              value={from}
              onChange={(night) => {
                set(night, to !== undefined && night !== undefined && to < night ? night : to);
              }}
            />
          </div>
          <div>
            <span>Last night</span>
            <NightField
              label="Last night"
              value={to}
              onChange={(night) => {
                set(from !== undefined && night !== undefined && from > night ? night : from, night);
              }}
            />
          </div>
          <div className="popover-foot">
            {newest !== null && (
              <Button
                small
                onClick={() => {
                  set(newest, newest);
                  close();
                }}
              >
                Newest night
              </Button>
            )}
            <Button
              small
              onClick={() => {
                set(undefined, undefined);
                close();
              }}
            >
              All nights
            </Button>
          </div>
        </div>
      )}
    </Popover>
  );
}

function Choices<T extends string>({
  label,
  words,
  options,
  chosen,
  render,
  onChange,
}: {
  label: string;
  /** What the button says without a choice. */
  words: string;
  options: readonly T[];
  chosen: readonly T[];
  render: (option: T) => React.ReactNode;
  onChange: (chosen: T[]) => void;
}) {
  const text =
    chosen.length === 0 ? words : chosen.length === 1 ? render(chosen[0] as T) : `${label} (${chosen.length})`;
  return (
    <Popover label={label} active={chosen.length > 0} content={text}>
      {(close) => (
        <>
          <div className="choices-list">
            {options.map((option) => (
              <label key={option}>
                <input
                  type="checkbox"
                  checked={chosen.includes(option)}
                  onChange={(event) => {
                    const rest = chosen.filter((other) => other !== option);
                    onChange(event.target.checked ? [...rest, option] : rest);
                  }}
                />
                {render(option)}
              </label>
            ))}
            {options.length === 0 && <p>Nothing to choose from yet</p>}
          </div>
          <div className="popover-foot">
            <Button
              small
              onClick={() => {
                onChange([]);
                close();
              }}
            >
              Show all
            </Button>
          </div>
        </>
      )}
    </Popover>
  );
}

function Search({ look, onChange }: { look: HistoryLook; onChange: Change }) {
  /** What is being typed and has not been searched for yet. */
  const [typed, setTyped] = useState<string | null>(null);
  const { search, filter } = look;
  useEffect(() => {
    if (typed === null) return;
    const timer = setTimeout(() => {
      setTyped(null);
      onChange({ search: typed, filter: withSearch(filter, typed) });
    }, SEARCH_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [typed, filter, onChange]);
  return (
    <input
      type="search"
      className="filter-search"
      aria-label="Search"
      title="An EXPID, a range of them (298400-298420), a tile (tile 5821), or part of a comment"
      placeholder="EXPID, tile 5821, or a comment"
      maxLength={200}
      value={typed ?? search}
      onChange={(event) => {
        setTyped(event.target.value);
      }}
    />
  );
}

const FLAG_CHOICES = [...FLAGS, 'none'] as const;

/** What the table shows: nights, flavor, program, outcome, flag, and a search. */
export function FilterBar({
  look,
  choices,
  onChange,
}: {
  look: HistoryLook;
  choices: Response<'history.choices'> | null;
  onChange: Change;
}) {
  const { filter } = look;
  const outcome = (option: Outcome): React.ReactNode => (
    <>
      <StatusGlyph status={option} size={13} named />
      {outcomeWord(option)}
    </>
  );
  return (
    <div className="filter-bar" role="group" aria-label="Filter">
      <Nights filter={filter} newest={choices?.lastNight ?? null} onChange={onChange} />
      <Choices
        label="Flavors"
        words="All flavors"
        options={choices?.flavors ?? []}
        chosen={filter.flavors ?? []}
        render={(flavor) => flavor}
        onChange={(flavors) => {
          onChange({ filter: withChoices(filter, 'flavors', flavors, -1) });
        }}
      />
      <Choices
        label="Programs"
        words="All programs"
        options={choices?.programs ?? []}
        chosen={filter.programs ?? []}
        render={(program) => program}
        onChange={(programs) => {
          onChange({ filter: withChoices(filter, 'programs', programs, -1) });
        }}
      />
      <Choices
        label="Status"
        words="Any status"
        options={OUTCOMES}
        chosen={filter.outcomes ?? []}
        render={outcome}
        onChange={(outcomes) => {
          onChange({ filter: withChoices(filter, 'outcomes', outcomes, OUTCOMES.length) });
        }}
      />
      <Choices
        label="Flags"
        words="Any flag"
        options={FLAG_CHOICES}
        chosen={filter.flags ?? []}
        render={(flag) => (flag === 'none' ? 'not flagged' : flag)}
        onChange={(flags) => {
          onChange({ filter: withChoices(filter, 'flags', flags, FLAG_CHOICES.length) });
        }}
      />
      <Search look={look} onChange={onChange} />
    </div>
  );
}
