import { useMemo, useState } from 'react';
import { isScienceFlavor } from '#shared/domain/exposure.ts';
import type { FootprintAnswer, TileExposure } from '#shared/domain/footprint.ts';
import type { TrendCatalogue } from '#shared/domain/trend.ts';
import { CanvasChart, type Zoom } from '../../charts/canvas/canvas-chart.tsx';
import type { Picked } from '../../charts/canvas/canvas-figure.ts';
import { canvasTheme } from '../../charts/canvas/canvas-theme.ts';
import { DEPTHS, footprintFigure, skyTiles, tileGroups, type SkyTile } from '../../charts/figures/footprint.ts';
import { count, formatAbout, utcTime } from '../../model/format.ts';
import { periodWords } from '../../model/trends-view.ts';
import { expid8 } from '#shared/domain/exposure.ts';
import { useView } from '../../store/context.tsx';
import { useOpenEvidence } from '../../store/open-evidence.ts';
import { Panel, StateNote } from '../../ui/panel.tsx';
import { StatusGlyph } from '../../ui/status-glyph.tsx';
import { Filters } from './filters.tsx';
import { PlotState } from './plot-state.tsx';
import { TileImport } from './tile-import.tsx';
import { TrendsLayout } from './trends-layout.tsx';
import { useLatestAnswer } from './use-latest-answer.ts';
import { useTrendsView } from './use-trends-view.ts';

const SHAPES = ['M6 2.2a3.8 3.8 0 1 0 .01 0Z', 'M2.6 2.6h6.8v6.8H2.6Z', 'M6 1.4 10.6 6 6 10.6 1.4 6Z'] as const;

/** Counts by depth, which are the legend too. */
function Counts({ tiles }: { tiles: readonly SkyTile[] }) {
  const groups = tileGroups(tiles);
  return (
    <ul className="tile-counts" aria-label="Tiles by exposures">
      <li>
        <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
          <circle cx="6" cy="6" r="2.6" fill="none" stroke="var(--line-3)" strokeWidth="1.4" />
        </svg>
        <b>{groups[0]?.length ?? 0}</b> planned only
      </li>
      {DEPTHS.map(({ text, ink }, i) => (
        <li key={text}>
          <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
            <path d={SHAPES[i]} fill={`var(--${ink})`} />
          </svg>
          <b>{groups[i + 1]?.length ?? 0}</b> {text}
        </li>
      ))}
    </ul>
  );
}

function TileRow({ exposure }: { exposure: TileExposure }) {
  const open = useOpenEvidence();
  const { expid, runId, program, flavor, exptime, airmass, night, at } = exposure;
  const what = [isScienceFlavor(flavor) ? program : null, flavor].filter((word) => word !== null && word !== '');
  return (
    <li className="tile-row">
      {runId === null ? (
        <b>{expid8(expid)}</b>
      ) : (
        <button
          type="button"
          className="link"
          onClick={() => {
            void open({ screen: 'monitor', runId });
          }}
        >
          {expid8(expid)}
        </button>
      )}
      <span>
        {night}, {utcTime(at).slice(0, 5)}
      </span>
      <span>{what.join(' ')}</span>
      <span>{exptime === null ? '' : `${exptime.toFixed(0)} s`}</span>
      <span>{airmass === null ? '' : `X ${airmass.toFixed(2)}`}</span>
    </li>
  );
}

function TilePanel({ tile }: { tile: SkyTile | undefined }) {
  const { value, error } = useLatestAnswer('footprint.exposures', tile ? { tileid: tile.tileid } : null);
  if (!tile) {
    return (
      <Panel title="Tile" className="tile-panel">
        <StateNote glyph={<StatusGlyph status="waiting" size={16} named />} title="No tile chosen">
          Click one on the map to see its exposures.
        </StateNote>
      </Panel>
    );
  }
  const { observed, ra, dec } = tile;
  const place = `RA ${ra.toFixed(2)}\u00b0, Dec ${dec < 0 ? '\u2212' : '+'}${Math.abs(dec).toFixed(2)}\u00b0`;
  return (
    <Panel title={`Tile ${tile.tileid}`} note={tile.program ?? ''} className="tile-panel">
      <p className="tile-facts">
        {place}
        {observed
          ? `; ${count(observed.exposures, 'exposure')}, ${formatAbout(observed.exptime * 1000)} in all`
          : '; not observed in the nights chosen'}
      </p>
      {error !== '' ? (
        <p className="tile-facts">{error}</p>
      ) : (
        <ul className="scrolling">
          {(value ?? []).map((exposure) => (
            <TileRow key={exposure.expid} exposure={exposure} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function TileTip({ tile }: { tile: SkyTile }) {
  const { observed } = tile;
  return (
    <>
      <div>
        tile <b>{tile.tileid}</b> {tile.program}
      </div>
      <div>
        RA {tile.ra.toFixed(2)}
        {'\u00b0'}, Dec {tile.dec < 0 ? '\u2212' : '+'}
        {Math.abs(tile.dec).toFixed(2)}
        {'\u00b0'}
      </div>
      <div>
        {observed
          ? `${count(observed.exposures, 'exposure')}, ${observed.exptime.toFixed(0)} s, last in night ${observed.lastNight}`
          : 'planned, not observed'}
      </div>
    </>
  );
}

/** Tiles planned and observed on the sky; a click shows the exposures of one. */
export function FootprintView({ catalogue }: { catalogue: TrendCatalogue | null }) {
  const [{ footprint: filter }, change] = useTrendsView();
  const themeName = useView((state) => state.theme);
  const theme = useMemo(() => canvasTheme(themeName), [themeName]);
  const [chosen, setChosen] = useState<number | null>(null);
  const [zoom, setZoom] = useState<Zoom | null>(null);
  const [imports, setImports] = useState(0);
  // Asked for all programs and filtered here, so that a tile's own program counts.
  const { value, error, old } = useLatestAnswer('footprint.get', { ...filter, program: null }, String(imports));
  const tiles = useMemo(() => (value ? skyTiles(value, filter.program) : []), [value, filter.program]);
  const groups = useMemo(() => tileGroups(tiles), [tiles]);
  const figure = useMemo(() => (tiles.length > 0 ? footprintFigure(tiles, chosen, zoom) : null), [tiles, chosen, zoom]);
  const tileAt = ({ group, index }: Picked): SkyTile | undefined => tiles[groups[group]?.[index] ?? -1];
  const observed = tiles.filter((tile) => tile.observed).length;
  return (
    <TrendsLayout
      choices={
        <>
          <Filters
            filter={filter}
            catalogue={catalogue}
            withFlavor={false}
            onChange={(next) => {
              change({ footprint: next });
            }}
          />
          <TileImport
            list={value?.list ?? null}
            onImported={() => {
              setImports(imports + 1);
            }}
          />
        </>
      }
      note={value ? footprintNote(value, observed) : ''}
      tools={
        zoom && (
          <button
            type="button"
            className="button small"
            onClick={() => {
              setZoom(null);
            }}
          >
            Whole sky
          </button>
        )
      }
      under={<TilePanel tile={tiles.find(({ tileid }) => tileid === chosen)} />}
    >
      {figure ? (
        <>
          <Counts tiles={tiles} />
          <div className={`plot-frame map${old ? ' old' : ''}`}>
            <CanvasChart
              figure={figure}
              theme={theme}
              highlight={null}
              describe={(at) => {
                const tile = tileAt(at);
                return tile ? <TileTip tile={tile} /> : null;
              }}
              onOpen={(at) => {
                setChosen(tileAt(at)?.tileid ?? null);
              }}
              onZoom={setZoom}
            />
          </div>
        </>
      ) : (
        <PlotState
          loading={value === null && error === ''}
          error={error}
          empty={`No tile was observed in ${periodWords(filter)}`}
        >
          Choose more nights, or import the list of planned tiles.
        </PlotState>
      )}
    </TrendsLayout>
  );
}

function footprintNote({ list }: FootprintAnswer, observed: number): string {
  const seen = count(observed, 'tile');
  return list ? `${seen} observed, ${list.count} planned` : `${seen} observed, no list of planned ones`;
}
