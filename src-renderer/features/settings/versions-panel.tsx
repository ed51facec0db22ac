import { useNow } from '../../store/context.tsx';
import { utcDate, utcTime } from '../../model/format.ts';
import { expid8 } from '#shared/domain/exposure.ts';
import { Panel } from '../../ui/panel.tsx';

/** A saved version in the list. */
export interface VersionEntry {
  id: number;
  author: string;
  reason: string;
  createdAt: number;
  runs: number;
  firstExpid: number | null;
  lastExpid: number | null;
}

function usedBy({ runs, firstExpid, lastExpid }: VersionEntry): string {
  if (runs === 0 || firstExpid === null || lastExpid === null) return 'judged no exposure';
  const range = firstExpid === lastExpid ? expid8(firstExpid) : `${expid8(firstExpid)} to ${expid8(lastExpid)}`;
  return `${runs === 1 ? '1 run' : `${runs} runs`}, ${range}`;
}

/** Saved versions, newest first, with who, when and why, and which exposures each of them judged. */
export function VersionsPanel({
  note,
  edit,
  versions,
  chosen,
  onChoose,
}: {
  note: string;
  /** What is edited and not saved; empty where nothing is. */
  edit: string;
  versions: readonly VersionEntry[];
  /** The version looked at; null: the newest, or what is edited. */
  chosen: number | null;
  onChoose: (id: number | null) => void;
}) {
  const newest = versions[0];
  const now = useNow(60_000);
  return (
    <Panel title="Versions" note={note} className="versions">
      {versions.length === 0 && edit === '' && (
        <p className="empty">None yet. The limits of the QL configuration judge until one is saved.</p>
      )}
      <ul className="scrolling" data-scrolls>
        {edit !== '' && (
          <li>
            <button
              type="button"
              className={chosen === null ? 'on' : ''}
              aria-pressed={chosen === null}
              onClick={() => {
                onChoose(null);
              }}
            >
              <b>Edit</b>
              <i>you, now</i>
              <span>{edit}</span>
            </button>
          </li>
        )}
        {versions.map((version, i) => {
          const on = chosen === version.id || (chosen === null && edit === '' && i === 0);
          return (
            <li key={version.id}>
              <button
                type="button"
                className={on ? 'on' : ''}
                aria-pressed={on}
                title={`${utcDate(version.createdAt, now)}, ${utcTime(version.createdAt)} UTC`}
                onClick={() => {
                  onChoose(i === 0 && edit === '' ? null : version.id);
                }}
              >
                <b>v{version.id}</b>
                <i>
                  {version.author}, {utcDate(version.createdAt, now)}
                </i>
                <span>{version.reason}</span>
                <small>{usedBy(version)}</small>
              </button>
            </li>
          );
        })}
      </ul>
      {newest && (
        <p className="foot">
          v{newest.id} judges from the next exposure on. Each run keeps the version that it began with.
        </p>
      )}
    </Panel>
  );
}
