import { useState } from 'react';
import { sectionsFor, SETTINGS_SECTIONS, type SettingsEntry } from '../../model/settings-sections.ts';
import { useApp, useView } from '../../store/context.tsx';

const GROUPS = [...new Set(SETTINGS_SECTIONS.map(({ group }) => group))];

/** How many parts are edited and not saved. */
function useEdits(): Partial<Record<SettingsEntry['id'], number>> {
  const drafts = useView((view) => view.drafts);
  return {
    configuration: Object.keys(drafts.configuration).length,
    thresholds: drafts.limits === null ? 0 : 1,
  };
}

/** The places of the settings with a search over their words; Enter opens the first that is found. */
export function SettingsNav() {
  const { view } = useApp();
  const current = useView((state) => state.settingsSection);
  const edits = useEdits();
  const [search, setSearch] = useState('');
  const found = sectionsFor(search);
  const open = ({ id }: SettingsEntry): void => {
    view.setState({ settingsSection: id });
  };
  return (
    <nav className="panel settings-nav" aria-label="Settings">
      <input
        type="search"
        placeholder="Search settings"
        aria-label="Search settings"
        value={search}
        onChange={(event) => {
          setSearch(event.target.value);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && found[0]) open(found[0]);
        }}
      />
      <div className="scrolling">
        {GROUPS.map((group) => {
          const entries = found.filter((entry) => entry.group === group);
          if (entries.length === 0) return null;
          return (
            <div key={group} role="group" aria-label={group}>
              <h2>{group}</h2>
              {entries.map((entry) => (
                <button
                  type="button"
                  key={entry.id}
                  className={entry.id === current ? 'on' : ''}
                  aria-current={entry.id === current ? 'page' : undefined}
                  onClick={() => {
                    open(entry);
                  }}
                >
                  {entry.title}
                  {(edits[entry.id] ?? 0) > 0 && (
                    <em>{edits[entry.id] === 1 ? '1 edit' : `${edits[entry.id] ?? 0} edits`}</em>
                  )}
                </button>
              ))}
            </div>
          );
        })}
        {found.length === 0 && <p>Nothing here is called that. Try another word, such as port, theme or noise.</p>}
      </div>
    </nav>
  );
}
