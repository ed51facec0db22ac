import { useRef, useState } from 'react';
import type { FootprintAnswer } from '#shared/domain/footprint.ts';
import { count } from '../../model/format.ts';
import { readTiles, type ReadTiles } from '../../model/tile-list.ts';
import { useApp } from '../../store/context.tsx';
import { Button } from '../../ui/controls.tsx';
import { StatusGlyph } from '../../ui/status-glyph.tsx';

/** A list larger than this is none of tiles, bytes. */
const MAX_BYTES = 64_000_000;

type Outcome = { ok: true; name: string; read: ReadTiles } | { ok: false; name: string; why: string };

/** Takes a list of planned tiles from a file; says what could not be taken, row by row. */
export function TileImport({ list, onImported }: { list: FootprintAnswer['list']; onImported: () => void }) {
  const { bridge } = useApp();
  const input = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<Outcome | null>(null);

  const take = async (file: File): Promise<Outcome> => {
    const { name } = file;
    if (file.size > MAX_BYTES) return { ok: false, name, why: 'the file is larger than 64 MB' };
    let read: ReadTiles;
    try {
      read = readTiles(new Uint8Array(await file.arrayBuffer()));
    } catch (error) {
      return { ok: false, name, why: error instanceof Error ? error.message : String(error) };
    }
    const answer = await bridge.call('footprint.import', { name: name.slice(-300), tiles: read.tiles });
    return answer.ok ? { ok: true, name, read } : { ok: false, name, why: answer.error.message };
  };
  return (
    <div className="choice tile-import">
      <span>Planned tiles</span>
      <p>
        {list
          ? `${list.name}: ${count(list.count, 'tile')}, imported ${new Date(list.importedAt).toISOString().slice(0, 10)}`
          : 'None yet. A FITS table, CSV or ECSV with TILEID, RA, DEC in degrees, and PROGRAM.'}
      </p>
      <input
        ref={input}
        type="file"
        className="hidden"
        aria-label="File of planned tiles"
        accept=".fits,.fit,.csv,.ecsv,.txt"
        tabIndex={-1}
        onChange={(event) => {
          const [file] = event.target.files ?? [];
          event.target.value = '';
          if (!file) return;
          setBusy(true);
          void take(file).then((next) => {
            setBusy(false);
            setOutcome(next);
            if (next.ok) onImported();
          });
        }}
      />
      <Button
        small
        disabled={busy}
        onClick={() => {
          input.current?.click();
        }}
      >
        {busy ? 'Reading' : list ? 'Replace the list' : 'Import a list'}
      </Button>
      {outcome && <Told outcome={outcome} />}
    </div>
  );
}

function Told({ outcome }: { outcome: Outcome }) {
  if (!outcome.ok) {
    return (
      <p className="told" role="alert">
        <StatusGlyph status="failed" size={13} named />
        <span>
          {outcome.name} was not taken: {outcome.why}. The list before is still there.
        </span>
      </p>
    );
  }
  const { tiles, bad, badCount, outside } = outcome.read;
  return (
    <div className="told" role="status">
      <StatusGlyph status={badCount > 0 ? 'warning' : 'normal'} size={13} named />
      <div>
        <p>
          {count(tiles.length, 'tile')} taken
          {outside > 0 ? `, ${outside} marked as outside the survey left out` : ''}
          {badCount > 0 ? `, ${count(badCount, 'bad row')}:` : '.'}
        </p>
        {bad.length > 0 && (
          <ul className="bad-rows">
            {bad.map(({ row, why }) => (
              <li key={row}>
                row {row}: {why}
              </li>
            ))}
            {badCount > bad.length && <li>and {badCount - bad.length} more</li>}
          </ul>
        )}
      </div>
    </div>
  );
}
