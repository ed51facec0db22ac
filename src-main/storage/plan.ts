import type { CleaningPlan, KeptReason, StorageKind, StorageSettings } from '#shared/domain/storage.ts';
import { keptBecause, oldestKept, type Surroundings } from '../domain/retention.ts';
import type { StorageStore } from '../domain/ports/storage-store.ts';
import { inventory, liesIn, type Stored } from './inventory.ts';

export interface PlanParts {
  /** QLF's own folder, absolute. */
  root: string;
  store: Pick<StorageStore, 'keepingFacts'>;
  around: (expid: number) => Surroundings;
  /** The folder of originals that QLF reads; null where it is on no disk of this machine, or QLF's own emulation. */
  source: string | null;
  now: () => number;
}

/** What may go, the oldest first, with its age's beginning; what is old enough and stays, with the reason. */
export interface Plan {
  items: (Stored & { touchedAt: number })[];
  kept: { stored: Stored; reason: KeptReason }[];
}

/** Why this is not deleted now, whatever its age; null where nothing speaks against it. */
export function reasonToKeep(
  stored: Stored,
  { root, store, around, source }: PlanParts,
  newestEmulated: number,
): KeptReason | null {
  if (source !== null && liesIn(source, root) && liesIn(stored.folder, source)) return 'belongs to the source';
  if (stored.expid === null) return null;
  if (stored.kind === 'emulated' && stored.expid >= newestEmulated) return 'newest emulated exposure';
  return keptBecause(store.keepingFacts(stored.expid), around(stored.expid));
}

/** Looks through QLF's folder; nothing is touched. `full`: as when the disk is. */
export async function makePlan(
  parts: PlanParts,
  settings: StorageSettings,
  full: boolean,
  signal: AbortSignal,
): Promise<Plan & { newestEmulated: number }> {
  const now = parts.now();
  const plan: Plan = { items: [], kept: [] };
  const found: Stored[] = [];
  // The numbers of the emulated exposures go on from the newest: it stays.
  let newestEmulated = -1;
  for await (const stored of inventory(parts.root)) {
    signal.throwIfAborted();
    found.push(stored);
    if (stored.kind === 'emulated') newestEmulated = Math.max(newestEmulated, stored.expid ?? -1);
  }
  for (const stored of found) {
    const facts = stored.expid === null ? undefined : parts.store.keepingFacts(stored.expid);
    const touchedAt = facts?.touchedAt ?? stored.modifiedAt;
    if (touchedAt >= oldestKept(stored.kind, settings, full, now)) continue;
    const reason = reasonToKeep(stored, parts, newestEmulated);
    if (reason === null) plan.items.push({ ...stored, touchedAt });
    else plan.kept.push({ stored, reason });
  }
  plan.items.sort((a, b) => a.touchedAt - b.touchedAt || (a.expid ?? 0) - (b.expid ?? 0));
  return { ...plan, newestEmulated };
}

function amount(list: readonly Stored[]): { exposures: number; files: number; bytes: number } {
  return {
    exposures: new Set(list.flatMap(({ expid }) => (expid === null ? [] : [expid]))).size,
    files: list.reduce((sum, { names }) => sum + names.length, 0),
    bytes: list.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

/** A plan in numbers. */
export function summary({ items, kept }: Plan): CleaningPlan {
  const kinds = [...new Set(items.map(({ kind }) => kind))];
  const reasons = [...new Set(kept.map(({ reason }) => reason))];
  const of = (kind: StorageKind): Stored[] => items.filter((item) => item.kind === kind);
  const because = (wanted: KeptReason): Stored[] =>
    kept.filter(({ reason }) => reason === wanted).map(({ stored }) => stored);
  return {
    ...amount(items),
    kinds: kinds.map((kind) => ({ kind, ...amount(of(kind)) })),
    kept: reasons.map((reason) => ({ reason, ...amount(because(reason)) })),
  };
}
