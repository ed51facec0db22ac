import { useEffect, useState } from 'react';
import { CAMERAS, type CameraName } from '#shared/domain/camera.ts';
import {
  TILE_SIDE,
  type ImageInfo,
  type ImageLayer,
  type ImageStatistics,
  type Reduction,
} from '#shared/domain/image.ts';
import type { Bridge } from '../../bridge.ts';
import { useApp } from '../../store/context.tsx';
import type { Tile } from '../../store/tile-store.ts';

/** A camera's whole image in one tile. */
export interface Contact {
  info: ImageInfo;
  statistics: ImageStatistics;
  level: number;
  tile: Tile;
}
export type ContactState =
  { state: 'waiting' } | { state: 'there'; contact: Contact } | { state: 'none'; reason: string };

const WAITING: ContactState = { state: 'waiting' };
/** Cameras asked for at a time: both of the engine's threads have work, and pointing at something has not to wait long. */
const AT_A_TIME = 3;

async function fetchContact(
  bridge: Bridge,
  runId: number,
  camera: CameraName,
  layer: ImageLayer,
  reduction: Reduction,
  view: number,
): Promise<ContactState> {
  const opened = await bridge.call('image.open', { source: { kind: 'run', runId, camera, layer }, view });
  if (!opened.ok) return { state: 'none', reason: opened.error.message };
  const info = opened.value;
  const level = Math.max(0, Math.ceil(Math.log2(Math.max(info.nx, info.ny) / TILE_SIDE)));
  const request = { image: info.image, view };
  const tile = await bridge.call('image.tile', { ...request, level, column: 0, row: 0, reduction });
  if (!tile.ok) return { state: 'none', reason: tile.error.message };
  const statistics = await bridge.call('image.statistics', request);
  if (!statistics.ok) return { state: 'none', reason: statistics.error.message };
  const { width, height, type, data } = tile.value;
  const values = type === 'u16' ? new Uint16Array(data) : new Float32Array(data);
  return { state: 'there', contact: { info, statistics: statistics.value, level, tile: { width, height, values } } };
}

/** The thirty cameras of a run, one after the other; `revisions` says which have changed. */
export function useContactSheet(
  runId: number,
  layer: ImageLayer,
  reduction: Reduction,
  revisions: ReadonlyMap<CameraName, string>,
): (camera: CameraName) => ContactState {
  const { bridge } = useApp();
  const [known, setKnown] = useState<ReadonlyMap<string, ContactState>>(new Map());
  const keyOf = (camera: CameraName): string =>
    [runId, layer, reduction, camera, revisions.get(camera) ?? ''].join(' ');
  const wanted = CAMERAS.map(keyOf).join('\n');
  useEffect(() => {
    let current = true;
    const left = (): boolean => !current;
    const [view = 0] = crypto.getRandomValues(new Uint32Array(1)).map((number) => number >>> 1);
    const keys = wanted.split('\n');
    const queue = CAMERAS.map((camera, i) => ({ camera, key: keys[i] ?? '' }));
    const work = async (): Promise<void> => {
      for (let next = queue.shift(); !left() && next; next = queue.shift()) {
        const { camera, key } = next;
        const state = await fetchContact(bridge, runId, camera, layer, reduction, view);
        if (left()) return;
        setKnown((before) => new Map(before).set(key, state));
      }
    };
    for (let i = 0; i < AT_A_TIME; i++) void work();
    return () => {
      current = false;
      void bridge.call('image.cancel', { view });
    };
  }, [bridge, runId, layer, reduction, wanted]);
  return (camera) => known.get(keyOf(camera)) ?? WAITING;
}
